/** The page's first paints against a local stack: `deno run -A bench/first_paint.ts`. */
import type { Page } from "playwright-core";
import { openSite, signIn } from "../tests/web/browser.ts";

const RUNS = Number(Deno.env.get("RUNS") ?? 7);
const VIEWPORT = { width: 1280, height: 800 };

/** Notes when what a person came for is there, inside the page: asking from outside would take part in it. */
const watchFor = (selector: string) =>
  `new MutationObserver((_, observer) => {
  if (!document.querySelector(${JSON.stringify(selector)})) return;
  observer.disconnect();
  requestAnimationFrame(() => setTimeout(() => globalThis.usefulAt = performance.now()));
}).observe(document, { subtree: true, childList: true });`;
const FIRST_TEXT = `performance.getEntriesByName("first-contentful-paint")[0]?.startTime`;

const FORM = "form input[type=password]";
const ROWS = "table a[href^='/resources/']";

await using site = await openSite();
const found: Record<string, { text: number[]; content: number[] }> = {};
for (let run = 0; run < RUNS; run++) {
  const { page, context } = await site.open({ viewport: VIEWPORT });
  await measure("sign-in, empty cache", page, "/sign-in", FORM);
  await signIn(page, "user");
  await page.getByRole("table", { name: "Drifts" }).waitFor();
  await measure("resources, full cache", page, "/resources", ROWS);
  const storageState = await context.storageState();
  await context.close();
  const fresh = await site.open({ viewport: VIEWPORT, storageState });
  await measure("resources, empty cache", fresh.page, "/resources", ROWS);
  await fresh.context.close();
}
for (const [name, { text, content }] of Object.entries(found)) say(name, text, content);

async function measure(name: string, page: Page, path: string, selector: string) {
  // The browser's own start, and its first process for this site, are not the page's.
  await page.goto("about:blank");
  await page.addInitScript(watchFor(selector));
  await page.goto(path, { waitUntil: "commit" });
  await page.locator(selector).first().waitFor();
  await page.waitForTimeout(150);
  const times = found[name] ??= { text: [], content: [] };
  times.text.push(await page.evaluate<number>(FIRST_TEXT));
  times.content.push(await page.evaluate<number>("usefulAt"));
}

function say(name: string, text: number[], content: number[]) {
  const line = [name.padEnd(24), "first text", brief(text), "whole view", brief(content)].join("  ");
  Deno.stdout.writeSync(new TextEncoder().encode(line + "\n"));
}

/** The best, the median and the worst. */
function brief(times: number[]): string {
  const sorted = times.map(Math.round).sort((a, b) => a - b);
  return `${sorted[0]} / ${sorted[sorted.length >> 1]} / ${sorted.at(-1)} ms`.padEnd(24);
}

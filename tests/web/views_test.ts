/** Every view at 360 and 1280 pixels, light and dark: axe finds nothing serious, nothing overflows or jumps. */
import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { call, eventually, hasChromium, openSite, signIn, tokenOf } from "./browser.ts";

/** Where to put pictures of every view; none are taken when it is not set. */
const SCREENSHOTS = Deno.env.get("SCREENSHOTS");
/** Half of what counts as good in Core Web Vitals. */
const LARGEST_SHIFT = 0.05;

const BEFORE = [
  "/sign-in",
  "/sign-up",
  "/forgot-password",
  "/reset-password",
  "/invite#token=ia_invite_x",
  "/reference",
];
const AFTER = [
  "/drifts",
  "/drifts/1",
  "/resources",
  "/resources/1",
  "/settings/api-keys",
  "/settings/team",
  "/settings/audit-log",
  "/profile",
  "/nothing-here",
];
/** Dialogs: the view, and the button that opens one there. */
const DIALOGS = [
  ["/settings/api-keys", "New key"],
  ["/settings/api-keys", "Rotate"],
  ["/settings/api-keys", "Revoke"],
  ["/settings/team", "Invite"],
  ["/resources", "Import"],
  ["/drifts/1", "Resolve"],
];
const SIZES = [{ width: 1280, height: 800 }, { width: 360, height: 740 }];

/** Adds up how far things jump that nobody touched (the Layout Instability API). */
const WATCH_SHIFTS = `globalThis.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });`;

/** Whether every animation that ends has ended: half-faded text has not its own contrast. */
const STILL = `document.getAnimations().every(
  (one) => one.playState !== "running" || one.effect.getTiming().iterations === Infinity,
)`;

Deno.test({
  name: "every view",
  ignore: !hasChromium(),
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    await using site = await openSite();
    const token = await tokenOf(site.stack, "owner");
    await prepare(site.stack, token);
    for (const viewport of SIZES) {
      for (const colorScheme of ["light", "dark"] as const) {
        const { page, context } = await site.open({ viewport, colorScheme });
        await page.addInitScript(WATCH_SHIFTS);
        // The rules judge contrast and structure: each scheme and each width once is enough for them.
        const judged = (viewport.width === 360) === (colorScheme === "dark");
        const look = (name: string) => inspect(page, `${name}-${viewport.width}-${colorScheme}`, judged);
        const size = `${viewport.width} px, ${colorScheme}`;
        for (const path of BEFORE) {
          await t.step(`${path} at ${size}`, async () => {
            await page.goto(path);
            await page.getByRole("heading").first().waitFor();
            await look(nameOf(path));
          });
        }
        await page.goto("/drifts");
        await signIn(page, "owner");
        await page.getByRole("heading", { name: "Drifts" }).waitFor();
        for (const path of AFTER) {
          await t.step(`${path} at ${size}`, async () => {
            await page.goto(path);
            await settle(page);
            await look(nameOf(path));
            const shifted = await page.evaluate<number>("globalThis.shifted");
            assert.ok(shifted < LARGEST_SHIFT, `things jumped by ${shifted.toFixed(3)}`);
          });
        }
        for (const [path, button] of DIALOGS as [string, string][]) {
          await t.step(`${button} in ${path} at ${size}`, async () => {
            await page.goto(path);
            await page.getByRole("button", { name: button, exact: true }).first().click();
            await page.getByRole("dialog").or(page.getByRole("alertdialog")).waitFor();
            await look(`${nameOf(path)}-${button.toLowerCase().replace(" ", "-")}`);
          });
        }
        await context.close();
      }
    }
    assert.deepEqual(site.complaints, []);
  },
});

/** One of everything that the views list. */
async function prepare(stack: Parameters<typeof call>[0], token: string): Promise<void> {
  const post = async (path: string, body: unknown) => {
    const answer = await call(stack, path, token, { method: "POST", body: JSON.stringify(body) });
    assert.ok(answer.status < 300, `${path}: ${JSON.stringify(answer.body)}`);
  };
  await post("/v1/settings/api-keys", { name: "CI/CD Pipeline" });
  await post("/v1/settings/team/invite", { email: "guest@example.com", role: "viewer" });
  const snapshot = (open: boolean) => [{
    external_id: "sg-1",
    name: "edge",
    resource_type: "aws_security_group",
    provider: "aws",
    region: "eu-central-1",
    configuration: {
      ingress: [{
        from_port: 22,
        to_port: 22,
        protocol: "tcp",
        cidr_blocks: [open ? "0.0.0.0/0" : "10.0.0.0/8"],
      }],
    },
  }];
  await post("/v1/resources/import", snapshot(false));
  await post("/v1/resources/import", snapshot(true));
}

/** Waits until nothing that is loading is left. */
async function settle(page: Page): Promise<void> {
  await page.getByRole("main").waitFor();
  await eventually(async () => await page.locator("[aria-busy=true]").count() === 0);
  await eventually(() => page.evaluate<boolean>("document.fonts.status === 'loaded'"));
}

async function inspect(page: Page, name: string, judged: boolean): Promise<void> {
  await eventually(() => page.evaluate<boolean>(STILL));
  if (SCREENSHOTS) await page.screenshot({ path: `${SCREENSHOTS}/${name}.png` });
  const width = await page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
  assert.ok(width <= 0, `${width} pixels stick out to the right`);
  if (!judged) return;
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  assert.deepEqual(
    serious.map(({ id, nodes }) => ({
      id,
      where: nodes.map(({ target, failureSummary }) => [target, failureSummary]),
    })),
    [],
  );
}

function nameOf(path: string): string {
  return path.replace(/[#?].*$/, "").replace(/^\//, "").replaceAll("/", "-");
}

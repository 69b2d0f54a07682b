/** Each view says that it is loading, and in words when the server can't be reached; another try then works. */
import type { Page, Route } from "playwright-core";
import { eventually, hasChromium, openSite } from "./browser.ts";

/** Each view, something it shows when all is well, and its heading when that is there before the rest. */
const VIEWS: [path: string, content: string, heading?: string][] = [
  ["/drifts", "demo-logs", "Drifts"],
  ["/drifts/1", "What changed"],
  ["/resources", "demo-logs", "Resources"],
  ["/resources/1", "arn:aws:s3:::demo-logs"],
  ["/settings/api-keys", "No API keys yet"],
  ["/settings/team", "Uma User"],
  ["/settings/audit-log", "Signed in"],
  ["/profile", "owner@example.com", "Profile"],
  ["/reference", "/v1/resources/import"],
];
const STREAM = "**/api/ws/**";
const API = /\/v1\/(?!api\/)/;

Deno.test({
  name: "views whose requests fail",
  ignore: !hasChromium(),
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    await using site = await openSite();
    const { page: first, context } = await site.open({ as: "owner" });
    await first.goto("/drifts");
    await first.getByRole("table", { name: "Drifts" }).waitFor();

    const pages: { path: string; content: string; page: Page; fail(): Promise<void> }[] = [];
    for (const [path, content, heading] of VIEWS) {
      await t.step(`${path} says that it is loading`, async () => {
        const page = site.watch(await context.newPage());
        // The browser has six connections a host: nine streams would leave none.
        await page.route(STREAM, (route) => route.abort());
        const held: Route[] = [];
        let broken = false;
        await page.route(API, (route) => broken ? route.abort() : void held.push(route));
        await page.goto(path);
        // Not before the view itself is there: the outline that came before it says so too.
        await eventually(() => Promise.resolve(held.length > 0));
        if (heading) await page.getByRole("heading", { name: heading, level: 1 }).waitFor();
        await page.getByRole("main").locator("[aria-busy=true]").first().waitFor();
        const fail = async () => {
          broken = true;
          await Promise.all(held.map((route) => route.abort()));
        };
        pages.push({ path, content, page, fail });
      });
    }
    // All at once: each tries again, for seconds, before it says so.
    await Promise.all(pages.map(({ fail }) => fail()));
    for (const { path, content, page } of pages) {
      await t.step(`${path} says that the server can't be reached, and another try works`, async () => {
        const main = page.getByRole("main");
        await main.getByText("The server can't be reached").first().waitFor();
        await page.unroute(API);
        // The view may try again by itself first: then there is no button left to press.
        await main.getByRole("button", { name: "Try again" }).first().click({ timeout: 2_000 }).catch(
          () => {},
        );
        await main.getByText(content).first().waitFor();
        await page.close();
      });
    }
  },
});

/** Something to read is there before the script is, just where the view will put it. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { hasChromium, openSite, signIn } from "./browser.ts";

const SIZES = [{ width: 1280, height: 800 }, { width: 360, height: 740 }];

Deno.test({
  name: "the first paint",
  ignore: !hasChromium(),
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    await using site = await openSite();
    for (const viewport of SIZES) {
      const { page, context } = await site.open({ viewport });

      await t.step(`signed out, at ${viewport.width} px: the outline of the sign-in`, async () => {
        const release = await holdScripts(page);
        await page.goto("/", { waitUntil: "commit" });
        const parts = () => [
          page.getByRole("heading", { name: "Sign in to InfraAudit" }),
          page.getByText("Email", { exact: true }),
          page.getByText("Password", { exact: true }),
          page.getByText("Sign in", { exact: true }),
        ];
        const before = await places(parts());
        assert.equal(await page.getByRole("navigation", { name: "Main" }).count(), 0);
        await release();
        await page.getByRole("button", { name: "Sign in" }).waitFor();
        assert.deepEqual(await places(parts()), before);
      });

      await t.step(`signed in, at ${viewport.width} px: the navigation`, async () => {
        await signIn(page, "user");
        await page.getByRole("main").waitFor();
        await page.getByRole("table", { name: "Drifts" }).or(page.getByText("No drift")).first().waitFor();
        const release = await holdScripts(page);
        await page.goto("/resources", { waitUntil: "commit" });
        const parts = () =>
          ["Drifts", "Resources", "Settings"].map((name) => page.getByRole("link", { name, exact: true }));
        const before = await places(parts());
        assert.equal(await page.getByText("Sign in to InfraAudit").filter({ visible: true }).count(), 0);
        await release();
        await page.getByRole("link", { name: "demo-logs" }).waitFor();
        assert.deepEqual(await places(parts()), before);
        assert.equal(await page.locator("[class*='[outline=']").count(), 0, "the outline is gone");
      });

      await context.close();
    }
    assert.deepEqual(site.complaints, []);
  },
});

/** Lets the page's modules wait until they are released. */
async function holdScripts(page: Page): Promise<() => Promise<void>> {
  const scripts = "**/assets/*.js";
  await page.route(scripts, () => {});
  // What is still held then goes on its way.
  return () => page.unroute(scripts);
}

/** Where each part begins; it fails for one that is not seen. */
async function places(parts: ReturnType<Page["getByText"]>[]): Promise<[number, number][]> {
  const found: [number, number][] = [];
  for (const part of parts) {
    await part.waitFor();
    const { x, y } = (await part.boundingBox())!;
    found.push([Math.round(x), Math.round(y)]);
  }
  return found;
}

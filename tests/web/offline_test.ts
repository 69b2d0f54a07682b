/** Offline nothing is lost and nothing is done behind one's back; a storm of events makes few requests. */
import assert from "node:assert/strict";
import { tokenAt } from "../http/sign_in.ts";
import { call, eventually, hasChromium, openSite } from "./browser.ts";

const STORM = 2_000;
const MOST_REQUESTS = 60;

Deno.test({
  name: "the page offline, and in a storm",
  ignore: !hasChromium(),
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    await using site = await openSite();
    const { stack } = site;
    const { page, context } = await site.open({ as: "owner", viewport: { width: 1280, height: 800 } });
    const token = await tokenAt(stack.url, "owner");
    const codeOfResources = page.waitForResponse(/\/assets\/resources_page/);
    await page.goto("/drifts");
    await page.getByRole("table", { name: "Drifts" }).getByRole("link").first().waitFor();
    await page.getByRole("status").filter({ hasText: /^Live$/ }).waitFor();

    await t.step("a view whose code can't be had says so in place, and comes by itself", async () => {
      const { page: fresh, context: theirs } = await site.open({ as: "owner" });
      await fresh.route("**/assets/resources_page*", (route) => route.abort());
      await fresh.goto("/drifts");
      await fresh.getByRole("heading", { name: "Drifts" }).waitFor();
      await fresh.getByRole("link", { name: "Resources" }).click();
      await fresh.getByText("The server can't be reached").waitFor();
      assert.match(fresh.url(), /\/resources$/);
      await fresh.unroute("**/assets/resources_page*");
      await fresh.getByRole("link", { name: "demo-logs" }).waitFor();
      await theirs.close();
      // The router itself notes each try.
      assert.ok(site.complaints.every((one) => one.includes("the view's code could not be loaded")));
      site.complaints.length = 0;
    });

    await t.step("offline, a view says so, and loads once the connection is back", async () => {
      await codeOfResources;
      await context.setOffline(true);
      await page.getByRole("link", { name: "Resources" }).click();
      await page.getByRole("main").getByText("You're offline", { exact: true }).waitFor();
      await context.setOffline(false);
      await page.getByRole("link", { name: "demo-logs" }).waitFor();
    });

    await t.step("a form keeps what was typed; what was called off is not done later", async () => {
      await page.goto("/settings/api-keys");
      await page.getByRole("button", { name: "New key" }).click();
      await page.getByLabel("Name").fill("never made");
      await context.setOffline(true);
      await page.getByRole("button", { name: "Create key" }).click();
      await page.getByRole("alert").getByText("You're offline, so nothing was sent").waitFor();
      assert.equal(await page.getByLabel("Name").inputValue(), "never made");
      await page.getByRole("button", { name: "Cancel" }).click();
      await context.setOffline(false);
      await page.getByText("No API keys yet").waitFor();
      const kept = await call(stack, "/v1/settings/api-keys", token);
      assert.deepEqual(kept.body, []);
    });

    await t.step("the alert goes when the connection is back", async () => {
      await page.getByRole("button", { name: "New key" }).click();
      await page.getByLabel("Name").fill("made in the end");
      await context.setOffline(true);
      await page.getByRole("button", { name: "Create key" }).click();
      await page.getByRole("alert").waitFor();
      await context.setOffline(false);
      await page.getByRole("alert").waitFor({ state: "detached" });
      await page.getByRole("button", { name: "Create key" }).click();
      await page.getByRole("button", { name: "Done" }).click();
    });

    await t.step(
      `${STORM} drifts at once make fewer than ${MOST_REQUESTS} requests, none of them aborted`,
      async () => {
        await page.goto("/drifts");
        const live = page.getByRole("status").filter({ hasText: /^Live$/ });
        await live.waitFor();
        const report = (isOpen: boolean) =>
          call(stack, "/v1/resources/import", token, {
            method: "POST",
            body: JSON.stringify(Array.from({ length: STORM }, (_, at) => ({
              external_id: `storm-${at}`,
              name: `storm-${at}`,
              resource_type: "aws_s3_bucket_public_access_block",
              provider: "aws",
              configuration: { bucket: `storm-${at}`, block_public_acls: !isOpen },
            }))),
          });
        assert.equal((await report(false)).status, 200);
        let asked = 0;
        const aborted: string[] = [];
        page.on("request", (request) => {
          if (/\/v1\/(?!api\/)/.test(request.url())) asked += 1;
        });
        page.on("requestfailed", (request) => aborted.push(request.url()));
        assert.equal((await report(true)).body.drifted, STORM);
        await page.getByText(/of 2,0\d\d$/).waitFor();
        assert.ok(asked < MOST_REQUESTS, `${asked} requests`);
        assert.deepEqual(aborted, []);
      },
    );

    await t.step("while one reads, what is new waits behind a button", async () => {
      const first = () => page.getByRole("table", { name: "Drifts" }).getByRole("link").first().innerText();
      await page.getByRole("heading", { name: "Drifts" }).click();
      await page.keyboard.press("j");
      const before = await first();
      const body = (port: number) =>
        JSON.stringify([{
          external_id: "sg-new",
          name: "sg-new",
          resource_type: "aws_security_group",
          provider: "aws",
          configuration: {
            ingress: [{ from_port: port, to_port: port, protocol: "tcp", cidr_blocks: ["0.0.0.0/0"] }],
          },
        }]);
      for (const port of [8443, 22]) {
        await call(stack, "/v1/resources/import", token, { method: "POST", body: body(port) });
      }
      const pill = page.getByRole("button", { name: /^\d+ new$/ });
      await pill.waitFor();
      assert.equal(await first(), before);
      await page.keyboard.press("Escape");
      await eventually(async () => await first() !== before);
    });

    assert.deepEqual(site.complaints, []);
  },
});

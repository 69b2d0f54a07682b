/** A person makes an API key in the page, it works, and its rotation and revocation bind at once. */
import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import { tokenAt } from "../http/sign_in.ts";
import { call, eventually, hasChromium, openSite, signIn } from "./browser.ts";

Deno.test({
  name: "API keys in the page",
  ignore: !hasChromium(),
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    await using site = await openSite();
    const { stack } = site;
    const { page, context } = await site.open({ viewport: { width: 1280, height: 800 } });
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: stack.url });
    const row = page.getByRole("row", { name: /CI\/CD Pipeline/ });
    const choose = async (row: Locator, action: string) => {
      await row.getByRole("button", { name: /^Actions for/ }).click();
      await page.getByRole("menuitem", { name: action }).click();
    };
    const shownKey = page.getByRole("region", { name: "API key" }).locator("pre");
    const resources = (key: string) => call(stack, "/v1/resources", key);
    let key = "";

    await t.step("sign in and go to Settings → API Keys", async () => {
      await page.goto("/");
      await signIn(page, "user");
      await page.getByRole("link", { name: "Settings" }).click();
      await page.getByRole("link", { name: "API Keys" }).click();
      await page.waitForURL("**/settings/api-keys");
      await page.getByText("No API keys yet").waitFor();
    });

    await t.step("a key without a name is refused in the form", async () => {
      await page.getByRole("button", { name: "New key" }).click();
      await page.getByRole("button", { name: "Create key" }).click();
      await page.getByText("Must not be empty.").waitFor();
      assert.equal(await page.getByLabel("Name").getAttribute("aria-invalid"), "true");
      await page.getByLabel("Name").fill("x".repeat(101));
      await page.getByRole("button", { name: "Create key" }).click();
      await page.getByText("Must have at most 100 characters.").waitFor();
    });

    await t.step("an address that is none is named", async () => {
      await page.getByLabel("Name").fill("CI/CD Pipeline");
      await page.getByLabel("Allowed addresses").fill("203.0.113.7\nnowhere");
      await page.getByRole("button", { name: "Create key" }).click();
      await page.getByText("“nowhere” is neither an address nor a range").waitFor();
      await page.getByLabel("Allowed addresses").fill("");
    });

    await t.step("one's own address can be added", async () => {
      await page.getByRole("button", { name: "Add my current address" }).click();
      await eventually(async () => await page.getByLabel("Allowed addresses").inputValue() === "127.0.0.1");
    });

    await t.step("the key is shown once, and works", async () => {
      await page.getByRole("button", { name: "Create key" }).click();
      key = await shownKey.innerText();
      assert.match(key, /^ia_(live|test)_[0-9A-Za-z]{10}_[0-9A-Za-z]{49}$/);
      const use = page.getByRole("region", { name: "Use it" });
      assert.match(
        await use.getByLabel("curl", { exact: true }).last().innerText(),
        new RegExp(`Bearer ${key}"`),
      );
      await use.getByRole("tab", { name: "GitHub Actions" }).click();
      const workflow = await use.locator("pre").innerText();
      assert.ok(workflow.includes("secrets.INFRAUDIT_API_KEY"), workflow);
      assert.ok(!workflow.includes(key), "a workflow names the secret and doesn't hold it");
      await use.getByRole("tab", { name: ".env file" }).click();
      assert.equal((await resources(key)).status, 200);
    });

    await t.step("key and command are copied whole, and that is said", async () => {
      const copied = () => page.evaluate<string>("navigator.clipboard.readText()");
      await page.getByRole("button", { name: "Copy key" }).click();
      await page.getByText("Copied to the clipboard").waitFor();
      assert.equal(await copied(), key);
      await page.getByRole("button", { name: "Copy", exact: true }).click();
      await eventually(async () => await copied() !== key);
      assert.equal(await copied(), `INFRAUDIT_SERVER_URL=${stack.url}\nINFRAUDIT_API_KEY=${key}`);
      await page.getByRole("button", { name: "Done" }).click();
      await row.getByText("Active").waitFor();
    });

    await t.step("once closed, the key is nowhere in the page or the browser", async () => {
      const secret = key.split("_")[3]!;
      assert.ok(!(await page.content()).includes(secret));
      const stored = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
      assert.ok(!stored.includes(secret));
    });

    await t.step("its use appears as last used", async () => {
      await page.reload();
      await row.getByText(/now|min/).last().waitFor();
    });

    await t.step("its own page shows what it is; edited, it is that from then on", async () => {
      await row.getByRole("link", { name: "CI/CD Pipeline" }).click();
      await page.getByText("Permissions: CI pipeline").waitFor();
      await page.getByRole("code").filter({ hasText: /^127\.0\.0\.1(\/32)?$/ }).waitFor();
      await page.getByRole("button", { name: "Edit" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("drifts:write").uncheck();
      await dialog.getByLabel("resources:write").uncheck();
      await dialog.getByRole("button", { name: "Save" }).click();
      await page.getByText("Permissions: Read only").waitFor();
      const denied = await call(stack, "/v1/drifts/detect", key, { method: "POST", body: "{}" });
      assert.equal(denied.status, 403);
      await page.reload();
      await page.getByRole("list", { name: "Last addresses" }).getByText("127.0.0.1").waitFor();
      await page.getByText(/^Minutes in which it was used: \d+ minutes? on 1 day$/).waitFor();
      await page.getByRole("link", { name: "API Keys" }).first().click();
      await row.waitFor();
    });

    await t.step("the list is searched, and the address keeps the search", async () => {
      await page.getByLabel("Search keys").fill("nothing like it");
      await page.getByText("No key matches").waitFor();
      await page.getByLabel("Search keys").fill("ci/cd");
      await row.waitFor();
      assert.match(page.url(), /q=ci/);
      await page.getByLabel("Search keys").fill("");
    });

    let successor = "";
    await t.step("rotated without a grace, the old key is dead and the new one works", async () => {
      await choose(row, "Rotate");
      await page.getByLabel("The old key").selectOption({ label: "Revoke immediately" });
      await page.getByRole("button", { name: "Rotate key" }).click();
      successor = await shownKey.innerText();
      assert.notEqual(successor, key);
      assert.equal((await resources(successor)).status, 200);
      const refused = await resources(key);
      assert.equal(refused.status, 401);
      await page.getByRole("button", { name: "Done" }).click();
    });

    await t.step("a revocation that is called off changes nothing", async () => {
      await choose(row, "Revoke");
      const question = page.getByRole("alertdialog");
      await question.getByText("Revoke “CI/CD Pipeline”?").waitFor();
      await question.getByRole("button", { name: "Cancel" }).click();
      await question.waitFor({ state: "hidden" });
      assert.equal((await resources(successor)).status, 200);
    });

    await t.step("revoked, the key is refused on the next request and stays in the list", async () => {
      await choose(row, "Revoke");
      await page.getByRole("alertdialog").getByRole("button", { name: "Revoke" }).click();
      await page.getByRole("alertdialog").waitFor({ state: "hidden" });
      const refused = await resources(successor);
      assert.equal(refused.status, 401);
      assert.equal(refused.body.code, "API_KEY_REVOKED");
      await page.getByText("No working keys").waitFor();
      await page.getByLabel("Show 2 ended keys").check();
      await row.getByText("Revoked").last().waitFor();
      assert.equal(await page.getByRole("button", { name: /^Actions for/ }).count(), 0);
      await page.getByLabel("Show 2 ended keys").uncheck();
    });

    await t.step("the presets stand for what they say", async () => {
      await page.getByRole("button", { name: "New key" }).click();
      const dialog = page.getByRole("dialog");
      const read = ["resources:read", "drifts:read"];
      const ci = ["resources:read", "resources:write", "drifts:read", "drifts:write"];
      const all = [...ci, "api_keys:read", "api_keys:write", "team:read"];
      for (const [preset, scopes] of [["Read only", read], ["CI pipeline", ci], ["Everything I can", all]]) {
        await dialog.getByRole("radio", { name: preset as string }).check();
        const said = await dialog.getByText(/^resources:read/).innerText();
        assert.deepEqual(said.split(/\s+/), scopes);
      }
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "hidden" });
    });

    await t.step("all of it goes by keyboard, and the focus comes back to where it was", async () => {
      const isFocused = async (part: Locator) => await part.and(page.locator(":focus")).count() === 1;
      const tabTo = async (part: Locator) => {
        for (let presses = 0; !await isFocused(part); presses++) {
          assert.ok(presses < 30, `the tab key does not lead to ${part}`);
          await page.keyboard.press("Tab");
        }
      };
      await page.reload();
      const newKey = page.getByRole("button", { name: "New key" });
      await newKey.waitFor();
      await tabTo(newKey);
      await page.keyboard.press("Enter");
      await eventually(() => isFocused(page.getByLabel("Name")));
      await page.keyboard.type("By keyboard");
      await tabTo(page.getByRole("radio", { name: "CI pipeline" }));
      await page.keyboard.press("ArrowUp");
      await tabTo(page.getByRole("button", { name: "Create key" }));
      await page.keyboard.press("Enter");
      await shownKey.waitFor();
      await tabTo(page.getByRole("button", { name: "Done" }));
      await page.keyboard.press("Enter");
      await shownKey.waitFor({ state: "hidden" });
      await eventually(() => isFocused(newKey));
      const listed = (await call(stack, "/v1/settings/api-keys", await tokenAt(stack.url, "user"))).body;
      const made = listed.find(({ name }: { name: string }) => name === "By keyboard");
      assert.deepEqual(made.scopes, ["resources:read", "drifts:read"]);

      const actions = page.getByRole("button", { name: "Actions for By keyboard" });
      const question = page.getByRole("alertdialog");
      const revoke = async () => {
        await page.keyboard.press("Enter");
        await eventually(() => isFocused(page.getByRole("menuitem", { name: "Edit" })));
        await page.keyboard.press("End");
        await page.keyboard.press("Enter");
        await question.waitFor();
      };
      await tabTo(actions);
      await revoke();
      await page.keyboard.press("Escape");
      await question.waitFor({ state: "hidden" });
      await eventually(() => isFocused(actions));
      await revoke();
      await tabTo(question.getByRole("button", { name: "Revoke" }));
      await page.keyboard.press("Enter");
      await question.waitFor({ state: "hidden" });
      await page.getByRole("row", { name: /By keyboard/ }).waitFor({ state: "detached" });
    });

    await t.step("a viewer is offered no keys, and told why when they go there", async () => {
      const { page: theirs } = await site.open({ as: "viewer" });
      await theirs.goto("/settings/api-keys");
      await theirs.getByText("You don't have access").waitFor();
      await theirs.getByText("see API keys here (api_keys:read)").waitFor();
      assert.equal(await theirs.getByRole("button", { name: "New key" }).count(), 0);
      assert.equal(await theirs.getByRole("link", { name: "API Keys" }).count(), 0);
      const body = JSON.stringify({ name: "mine" });
      const tried = await call(stack, "/v1/settings/api-keys", await tokenAt(stack.url, "viewer"), {
        method: "POST",
        body,
      });
      assert.equal(tried.status, 403);
    });

    assert.deepEqual(site.complaints, []);
  },
});

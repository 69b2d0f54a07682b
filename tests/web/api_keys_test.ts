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
      assert.match(
        await page.getByRole("region", { name: "Try it" }).locator("pre").innerText(),
        new RegExp(`^curl ${stack.url}/v1/resources .*\\n.*Bearer ${key}"$`),
      );
      assert.equal((await resources(key)).status, 200);
    });

    await t.step("key and command are copied whole, and that is said", async () => {
      const copied = () => page.evaluate<string>("navigator.clipboard.readText()");
      await page.getByRole("button", { name: "Copy key" }).click();
      await page.getByText("Copied to the clipboard").waitFor();
      assert.equal(await copied(), key);
      await page.getByRole("button", { name: "Copy command" }).click();
      await eventually(async () => await copied() !== key);
      assert.equal(
        await copied(),
        `curl ${stack.url}/v1/resources \\\n  -H "Authorization: Bearer ${key}"`,
      );
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

    let successor = "";
    await t.step("rotated without a grace, the old key is dead and the new one works", async () => {
      await row.getByRole("button", { name: "Rotate" }).click();
      await page.getByLabel("The old key works for another").selectOption("0");
      await page.getByRole("button", { name: "Rotate key" }).click();
      successor = await shownKey.innerText();
      assert.notEqual(successor, key);
      assert.equal((await resources(successor)).status, 200);
      const refused = await resources(key);
      assert.equal(refused.status, 401);
      await page.getByRole("button", { name: "Done" }).click();
    });

    await t.step("a revocation that is called off changes nothing", async () => {
      const living = row.filter({ has: page.getByRole("button", { name: "Revoke" }) });
      await living.getByRole("button", { name: "Revoke" }).click();
      const question = page.getByRole("alertdialog");
      await question.getByText("Revoke “CI/CD Pipeline”?").waitFor();
      await question.getByRole("button", { name: "Cancel" }).click();
      await question.waitFor({ state: "hidden" });
      assert.equal((await resources(successor)).status, 200);
    });

    await t.step("revoked, the key is refused on the next request and stays in the list", async () => {
      const living = row.filter({ has: page.getByRole("button", { name: "Revoke" }) });
      await living.getByRole("button", { name: "Revoke" }).click();
      await page.getByRole("alertdialog").getByRole("button", { name: "Revoke" }).click();
      await page.getByRole("alertdialog").waitFor({ state: "hidden" });
      const refused = await resources(successor);
      assert.equal(refused.status, 401);
      assert.equal(refused.body.code, "API_KEY_REVOKED");
      await row.getByText("Revoked").last().waitFor();
      assert.equal(await page.getByRole("button", { name: "Revoke" }).count(), 0);
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

      const revoke = page.getByRole("row", { name: /By keyboard/ }).getByRole("button", { name: "Revoke" });
      const question = page.getByRole("alertdialog");
      await tabTo(revoke);
      await page.keyboard.press("Enter");
      await question.waitFor();
      await page.keyboard.press("Escape");
      await question.waitFor({ state: "hidden" });
      await eventually(() => isFocused(revoke));
      await page.keyboard.press("Enter");
      await tabTo(question.getByRole("button", { name: "Revoke" }));
      await page.keyboard.press("Enter");
      await question.waitFor({ state: "hidden" });
      await page.getByRole("row", { name: /By keyboard/ }).getByText("Revoked").waitFor();
    });

    await t.step("a viewer is offered no keys, and told why when they go there", async () => {
      const { page: theirs } = await site.open();
      await theirs.goto("/settings/api-keys");
      await signIn(theirs, "viewer");
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

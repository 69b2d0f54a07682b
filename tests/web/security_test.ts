/** Second factor, sessions, a waiting command and trust policies in the page: set up, asked for, ended. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { TOTP_STEP_SECONDS, totpCode } from "../../dev/auth/totp.ts";
import { PASSWORD } from "../http/cast.ts";
import { tokenAt } from "../http/sign_in.ts";
import { call, eventually, hasChromium, openSite, signIn } from "./browser.ts";

Deno.test({
  name: "signing in and what follows from it, in the page",
  ignore: !hasChromium(),
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    await using site = await openSite();
    const { stack } = site;
    let secret = "";
    let recovery = "";
    /** The code of now, as if none had been used before. */
    const code = async () => {
      await stack.database.query("delete from dev.totp_attempts");
      await stack.database.query("delete from private.spent_totp_codes");
      return totpCode(secret, Math.floor(Date.now() / 1000 / TOTP_STEP_SECONDS));
    };
    const setUp = async (page: Page) => {
      secret = await page.getByText(/^[A-Z2-7]{32}$/).innerText();
      await page.getByLabel("Code of your authenticator app").fill(await code());
      await page.getByRole("button", { name: "Turn on" }).click();
    };

    await t.step("set up with a picture and a text, and ten recovery codes", async () => {
      const { page, context } = await site.open();
      await page.goto("/security");
      await signIn(page, "user");
      await page.getByRole("button", { name: "Set up" }).click();
      const picture = page.getByAltText(/QR code/);
      await picture.waitFor();
      await eventually(async () => await picture.evaluate((image) => Reflect.get(image, "naturalWidth") > 0));
      await setUp(page);
      const codes = page.getByRole("dialog").getByRole("listitem");
      await codes.first().waitFor();
      assert.equal(await codes.count(), 10);
      recovery = await codes.first().innerText();
      await page.getByRole("button", { name: "I have kept them" }).click();
      await page.getByText("10 recovery codes left").waitFor();
      await context.close();
    });

    await t.step("asked for at sign-in; a wrong code is refused in words", async () => {
      const { page, context } = await site.open();
      await page.goto("/sign-in");
      await signIn(page, "user");
      const field = page.getByLabel("Code of your authenticator app");
      await field.fill("000000");
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("alert").getByText(/code is wrong/).waitFor();
      await field.fill(await code());
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.waitForURL("**/drifts");
      await page.goto("/security");
      await page.getByText("This one").waitFor();
      await context.close();
    });

    await t.step("a recovery code stands in for the app, and takes it away", async () => {
      const { page, context } = await site.open();
      await page.goto("/sign-in?next=/security");
      await signIn(page, "user");
      await page.getByRole("button", { name: "Use a recovery code" }).click();
      await page.getByLabel("Recovery code").fill(recovery);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.waitForURL("**/security");
      await page.getByRole("button", { name: "Set up" }).waitFor();
      await context.close();
    });

    await t.step(
      "where the organization asks for one, nothing else is shown before it is set up",
      async () => {
        await stack.database.query(
          "update public.organizations set require_mfa = true where name = 'Elsewhere'",
        )
          .catch(async () => {
            // Only an owner who has proved one may: here as the database's own.
            await stack.database.query("alter table public.organizations disable trigger guard_organization");
            await stack.database.query(
              "update public.organizations set require_mfa = true where name = 'Elsewhere'",
            );
            await stack.database.query("alter table public.organizations enable trigger guard_organization");
          });
        const { page, context } = await site.open();
        await page.goto("/sign-in");
        await signIn(page, "stranger");
        await page.getByRole("heading", { name: "Set up a second factor" }).waitFor();
        assert.equal(await page.getByRole("navigation").count(), 0);
        await setUp(page);
        await page.getByRole("heading", { name: "Drifts" }).waitFor();
        await context.close();
      },
    );

    await t.step("another session is listed, signed out, and dead", async () => {
      const other = await tokenAt(stack.url, "admin");
      const { page, context } = await site.open();
      await page.goto("/security");
      await signIn(page, "admin");
      await page.getByRole("button", { name: "Sign out elsewhere" }).click();
      await eventually(async () => (await call(stack, "/v1/auth/me", other)).status === 401);
      await page.getByLabel("Current password").fill(PASSWORD);
      await page.getByLabel("New password").fill("short");
      await page.getByRole("button", { name: "Change password" }).click();
      await page.getByText("Must be at least 8 characters.").waitFor();
      await page.getByLabel("New password").fill("a longer password");
      await page.getByRole("button", { name: "Change password" }).click();
      await page.getByText("Your password is changed").waitFor();
      await context.close();
    });

    await t.step("a waiting command is shown with machine and address, and signed in", async () => {
      const begun = await fetch(`${stack.url}/v1/auth/device/code`, {
        method: "POST",
        body: new URLSearchParams({ machine: "build-box" }),
      });
      const { user_code, device_code, verification_uri_complete } = await begun.json();
      const { page, context } = await site.open();
      await page.goto(verification_uri_complete);
      await signIn(page, "owner");
      await page.waitForURL("**/device?user_code=*");
      assert.equal(await page.getByLabel("Code that the command shows").inputValue(), user_code);
      await page.getByRole("button", { name: "Continue" }).click();
      await page.getByText("build-box", { exact: true }).waitFor();
      await page.getByText("127.0.0.1").waitFor();
      await page.getByRole("button", { name: "Sign it in" }).click();
      await page.getByText(/go back to your terminal/).waitFor();
      const taken = await fetch(`${stack.url}/v1/auth/device/token`, {
        method: "POST",
        body: new URLSearchParams({
          grant_type: "urn:ietf:params:oauth:grant-type:device_code",
          device_code,
        }),
      });
      assert.match((await taken.json()).access_token, /^ia_live_/);
      await context.close();
    });

    await t.step(
      "a trust policy: what trusts everybody is refused in words, a good one is listed, changed and ended",
      async () => {
        const { page, context } = await site.open();
        await page.goto("/settings/trust-policies");
        await signIn(page, "owner");
        await page.getByRole("button", { name: "New policy" }).click();
        await page.getByLabel("Name").fill("Deploys of main");
        await page.getByLabel("Conditions").fill("ref=refs/heads/main");
        await page.getByRole("button", { name: "Create" }).click();
        await page.getByRole("alert").getByText(/whose job it is/).waitFor();
        await page.getByLabel("Conditions").fill("repository=acme/infra\nref=refs/heads/main");
        await page.getByRole("button", { name: "Create" }).click();
        await page.getByText("repository=acme/infra").waitFor();
        await page.getByRole("button", { name: "Edit Deploys of main" }).click();
        const dialog = page.getByRole("dialog");
        await dialog.getByText("Keys that it gave end now").waitFor();
        await dialog.getByLabel("Name").fill("Releases");
        await dialog.getByLabel("Conditions").fill("repository=acme/infra\nref=refs/tags/*");
        await dialog.getByRole("button", { name: "Save" }).click();
        await page.getByText("ref=refs/tags/*").waitFor();
        await page.getByRole("button", { name: "End Releases" }).click();
        await page.getByRole("alertdialog").getByRole("button", { name: "End" }).click();
        await page.getByText("Nobody gets in without a key").waitFor();
        await context.close();
      },
    );

    assert.deepEqual(site.complaints, []);
  },
});

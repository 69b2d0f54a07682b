/** Signing in, up and out in the page: where it leads, what it keeps, and what ends it. */
import assert from "node:assert/strict";
import { PASSWORD } from "../http/cast.ts";
import { tokenAt } from "../http/sign_in.ts";
import { call, hasChromium, mailedLink, openSite, signIn } from "./browser.ts";

/** The lists of a new organization, also filtered and at a page that never was. */
const EMPTY = [
  ["/drifts", "Create an API key"],
  ["/drifts?page=2", "Import your Terraform state"],
  ["/drifts?severity=high", "No drift matches"],
  ["/resources", "Import a Terraform state"],
  ["/resources?q=nothing", "No resource matches"],
  ["/settings/api-keys", "Create one for your pipeline"],
  ["/settings/audit-log?action=api_key.created", "No event matches"],
] as const;

Deno.test({
  name: "sessions in the page",
  ignore: !hasChromium(),
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    await using site = await openSite();
    const { stack } = site;

    await t.step("a wrong password is refused in words, without saying who exists", async () => {
      const { page, context } = await site.open();
      await page.goto("/sign-in");
      const refusals = [];
      for (const who of ["user", "nobody"]) {
        await signIn(page, who, "wrong-password");
        const alert = page.getByRole("alert");
        await alert.waitFor();
        refusals.push(await alert.innerText());
        await page.reload();
      }
      assert.equal(refusals[0], refusals[1]);
      assert.match(refusals[0]!, /password/i);
      await context.close();
    });

    await t.step("signing in leads to where one was going, and a reload keeps the session", async () => {
      const { page, context } = await site.open();
      await page.goto("/resources?status=active");
      await page.waitForURL("**/sign-in?next=*");
      await signIn(page, "user");
      await page.waitForURL("**/resources?status=active");
      await page.getByRole("link", { name: "demo-logs" }).waitFor();
      await page.reload();
      await page.getByRole("link", { name: "demo-logs" }).waitFor();
      await context.close();
    });

    await t.step("`next` never leads to another site", async () => {
      const { page, context } = await site.open();
      await page.goto(`/sign-in?next=${encodeURIComponent("https://example.com/")}`);
      await signIn(page, "user");
      await page.waitForURL(`${stack.url}/drifts`);
      // Signed in, the view leads on by itself.
      for (const next of ["//example.com/", "/\\example.com/"]) {
        await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
        await page.waitForURL(`${stack.url}/drifts`);
      }
      await context.close();
    });

    await t.step("signing out in one tab ends the other too, and the token with it", async () => {
      const { page: first, context } = await site.open({ as: "admin" });
      await first.goto("/resources");
      await first.getByRole("link", { name: "demo-logs" }).waitFor();
      const second = site.watch(await context.newPage());
      await second.goto("/settings/api-keys");
      await second.getByRole("button", { name: "New key" }).waitFor();
      const token = await first.evaluate(() =>
        JSON.parse(localStorage.getItem("infraaudit.session")!).access_token
      );
      assert.equal((await call(stack, "/v1/auth/me", token)).status, 200);
      await first.getByRole("button", { name: "Sign out" }).click();
      await first.getByRole("button", { name: "Sign in" }).waitFor();
      await second.getByRole("button", { name: "Sign in" }).waitFor();
      assert.equal((await call(stack, "/v1/auth/me", token)).status, 401);
      await context.close();
    });

    await t.step("a session that ended elsewhere asks again and keeps what was typed", async () => {
      const { page, context } = await site.open({ as: "owner" });
      await page.goto("/settings/api-keys");
      await page.getByRole("button", { name: "New key" }).click();
      await page.getByLabel("Name").fill("typed before the end");
      const body = JSON.stringify({ scope: "global" });
      const ended = await call(stack, "/v1/api/logout", await tokenAt(stack.url, "owner"), {
        method: "POST",
        body,
      });
      assert.equal(ended.status, 204);
      await page.getByRole("button", { name: "Create key" }).click();
      await page.getByRole("heading", { name: "Your session has ended" }).waitFor();
      assert.equal(await page.getByLabel("Email").inputValue(), "owner@example.com");
      await signIn(page, "owner");
      await page.getByRole("heading", { name: "Your session has ended" }).waitFor({ state: "hidden" });
      assert.equal(await page.getByLabel("Name").inputValue(), "typed before the end");
      await page.getByRole("button", { name: "Create key" }).click();
      await page.getByRole("button", { name: "Done" }).click();
      await page.getByRole("row", { name: /typed before the end/ }).waitFor();
      await context.close();
    });

    await t.step(
      "a person signs up, owns an organization that is empty, and can change their name",
      async () => {
        const { page, context } = await site.open();
        await page.goto("/sign-up");
        await page.getByRole("button", { name: "Create account" }).click();
        await page.getByText(/^Must be an e-?mail address\.$/).waitFor();
        await page.getByLabel("Full name").fill("Nina New");
        await page.getByLabel("Email").fill("nina@example.com");
        await page.getByLabel("Password").fill("long-enough-1");
        await page.getByLabel("Organization").fill("Nina's");
        await page.getByRole("button", { name: "Create account" }).click();
        await page.getByRole("link", { name: /Nina New Nina's · owner/ }).click();
        await page.getByLabel("Full name").fill("Nina Newer");
        await page.getByRole("button", { name: "Save" }).click();
        await page.getByText("Saved").waitFor();
        await page.getByRole("link", { name: /Nina Newer/ }).waitFor();
        for (const [path, words] of EMPTY) {
          await page.goto(path);
          await page.getByText(words).waitFor();
        }
        await context.close();
      },
    );

    await t.step(
      "a forgotten password is set anew by the mailed link, whose secret leaves the address",
      async () => {
        const { page, context } = await site.open();
        await page.goto("/sign-in");
        await page.getByRole("link", { name: "Forgot password?" }).click();
        await page.getByLabel("Email").fill("viewer@example.com");
        await page.getByRole("button", { name: "Send the link" }).click();
        await page.getByText("an email is on its way").waitFor();
        await page.goto(await mailedLink(stack, "viewer@example.com"));
        await page.getByLabel("New password").fill("another-password");
        assert.equal(page.url(), `${stack.url}/reset-password`);
        await page.getByRole("button", { name: "Set password" }).click();
        await page.waitForURL("**/drifts");
        const body = JSON.stringify({ email: "viewer@example.com", password: "another-password" });
        const signedIn = await call(stack, "/v1/api/login", undefined, { method: "POST", body });
        assert.equal(signedIn.status, 200);
        await context.close();
      },
    );

    await t.step("a link of another person asks before it takes the session's place", async () => {
      const { page, context } = await site.open({ as: "user" });
      const open = async (path: string) => {
        const body = JSON.stringify({ email: "stranger@example.com", password: PASSWORD });
        const { token, refresh_token } =
          (await call(stack, "/v1/api/login", undefined, { method: "POST", body })).body;
        // As a link from elsewhere: the page starts anew.
        await page.goto("about:blank");
        await page.goto(`${path}#access_token=${token}&refresh_token=${refresh_token}&type=magiclink`);
      };
      await page.goto("/resources");
      await page.getByRole("link", { name: "demo-logs" }).waitFor();

      // Where no mail leads, tokens are thrown away.
      await open("/resources");
      await page.getByRole("link", { name: "demo-logs" }).waitFor();
      assert.equal(page.url(), `${stack.url}/resources`);

      await open("/");
      await page.getByText("You are signed in as user@example.com").waitFor();
      await page.getByRole("button", { name: "Stay as user@example.com" }).click();
      await page.getByRole("link", { name: /Uma User/ }).waitFor();

      await open("/");
      await page.getByRole("button", { name: "Go on as stranger@example.com" }).click();
      await page.getByRole("link", { name: /Sam Stranger/ }).waitFor();
      await context.close();
    });

    await t.step("a link that was used before says so", async () => {
      const { page, context } = await site.open();
      await page.goto("/reset-password?code=00000000-0000-4000-8000-000000000000");
      await page.getByText("This link no longer works").waitFor();
      assert.equal(page.url(), `${stack.url}/reset-password`);
      await context.close();
    });

    assert.deepEqual(site.complaints, []);
  },
});

/** Guarantee: the page signs in by a provider and by a passkey where Auth has them, and shows no button where it has none. */
import assert from "node:assert/strict";
import { signIn } from "../web/browser.ts";
import { hasChromium, openSite } from "../web/browser.ts";
import { IS_AUTH_REAL, realAuthTest, startAuthStack } from "./auth_stack.ts";

/** A provider as GitHub is to Auth: it asks nothing and knows one person. Says no once `refuses` is set. */
function startProvider() {
  const provider = { url: "", refuses: false, close: () => Promise.resolve() };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/login/oauth/authorize") {
      const back = new URL(searchParams.get("redirect_uri")!);
      back.searchParams.set("state", searchParams.get("state")!);
      if (provider.refuses) back.searchParams.set("error", "access_denied");
      else back.searchParams.set("code", "good-once");
      return Response.redirect(back.href, 302);
    }
    if (pathname === "/login/oauth/access_token") {
      return Response.json({ access_token: "of-octavia", token_type: "bearer", scope: "user:email" });
    }
    if (pathname === "/api/v3/user") return Response.json({ id: 4711, login: "octavia", name: "Octavia" });
    if (pathname === "/api/v3/user/emails") {
      return Response.json([{ email: "octavia@example.com", primary: true, verified: true }]);
    }
    return new Response(null, { status: 404 });
  });
  provider.url = `http://127.0.0.1:${server.addr.port}`;
  provider.close = () => server.shutdown();
  return provider;
}

/** A passkey belongs to a name, never to an address in numbers. */
const named = (url: string) => url.replace("127.0.0.1", "localhost");

if (!IS_AUTH_REAL || !hasChromium()) {
  realAuthTest("signing in without a password, in the page", async () => {});
} else {
  realAuthTest("signing in without a password, in the page", async (t) => {
    const provider = startProvider();
    await using site = await openSite({}, (options) =>
      startAuthStack({ ...options, web: true }, (url) => ({
        GOTRUE_URI_ALLOW_LIST: `${named(url)}/**`,
        GOTRUE_EXTERNAL_GITHUB_ENABLED: "true",
        GOTRUE_EXTERNAL_GITHUB_CLIENT_ID: "infraaudit",
        GOTRUE_EXTERNAL_GITHUB_SECRET: "of-the-provider",
        GOTRUE_EXTERNAL_GITHUB_URL: provider.url,
        GOTRUE_EXTERNAL_GITHUB_REDIRECT_URI: `${named(url)}/auth/v1/callback`,
        GOTRUE_PASSKEY_ENABLED: "true",
        GOTRUE_WEBAUTHN_RP_ID: "localhost",
        GOTRUE_WEBAUTHN_RP_DISPLAY_NAME: "InfraAudit",
        GOTRUE_WEBAUTHN_RP_ORIGINS: named(url),
      })));
    const baseURL = named(site.stack.url);

    await t.step("by a provider: back to where one was going, as a new person", async () => {
      const { page, context } = await site.open({ baseURL });
      await page.goto("/profile");
      await page.getByRole("button", { name: "Continue with GitHub" }).click();
      await page.waitForURL("**/profile");
      await page.getByText("octavia@example.com").first().waitFor();
      assert.ok(!page.url().includes("code="));
      await context.close();
    });

    await t.step("a provider that says no: a sentence, and the password still works", async () => {
      provider.refuses = true;
      const { page, context } = await site.open({ baseURL });
      await page.goto("/sign-in");
      await page.getByRole("button", { name: "Continue with GitHub" }).click();
      await page.getByRole("alert").getByText("The provider didn't sign you in").waitFor();
      await signIn(page, "user");
      await page.waitForURL("**/drifts");
      await context.close();
    });

    await t.step("a passkey: added, signs in, removed, and then no longer known", async () => {
      const { page, context } = await site.open({ baseURL });
      const devtools = await context.newCDPSession(page);
      await devtools.send("WebAuthn.enable");
      await devtools.send("WebAuthn.addVirtualAuthenticator", {
        options: {
          protocol: "ctap2",
          transport: "internal",
          hasResidentKey: true,
          hasUserVerification: true,
          isUserVerified: true,
          automaticPresenceSimulation: true,
        },
      });
      await page.goto("/security");
      await signIn(page, "user");
      await page.getByRole("button", { name: "Add a passkey" }).click();
      const row = page.getByRole("listitem").filter({ hasText: "since" }).filter({
        has: page.getByRole("button", { name: "Remove" }),
      });
      await row.waitFor();
      await page.evaluate(() => localStorage.clear());
      await page.goto("/sign-in?next=/security");
      await page.getByRole("button", { name: "Continue with a passkey" }).click();
      await page.waitForURL("**/security");
      await row.getByRole("button", { name: "Remove" }).click();
      await page.getByRole("alertdialog").getByRole("button", { name: "Remove" }).click();
      await row.waitFor({ state: "detached" });
      await page.evaluate(() => localStorage.clear());
      await page.goto("/sign-in");
      await page.getByRole("button", { name: "Continue with a passkey" }).click();
      await page.getByRole("alert").waitFor();
      await context.close();
    });

    assert.deepEqual(site.complaints, []);
    await provider.close();
  });
}

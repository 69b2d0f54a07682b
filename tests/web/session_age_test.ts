/** A session that ages while the page is open: renewed unseen, or asked for over the view; nothing typed is lost. */
import assert from "node:assert/strict";
import { decodeJwt, importJWK, type JWTPayload, SignJWT } from "jose";
import type { Page } from "playwright-core";
import type { Stack } from "../../dev/stack.ts";
import { call, eventually, hasChromium, openSite, signIn } from "./browser.ts";

const STORED = "infraaudit.session";

Deno.test({
  name: "a session that ages in the page",
  ignore: !hasChromium(),
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    await using site = await openSite({ KEY_ADMIN_MAX_AUTH_AGE_SECONDS: "300" });
    const { stack } = site;
    const { page } = await site.open({ as: "user", viewport: { width: 1280, height: 800 } });
    let renewals = 0;
    page.on("request", (request) => {
      if (request.url().includes("/auth/v1/token?grant_type=refresh_token")) renewals += 1;
    });
    await page.goto("/settings/api-keys");
    await page.getByRole("button", { name: "New key" }).waitFor();

    for (const [clock, browserKnows] of [["right", true], ["an hour behind", false]] as const) {
      await t.step(`the browser's clock being ${clock}, what was typed is sent all the same`, async () => {
        const name = `typed with a clock that is ${clock}`;
        await page.getByRole("button", { name: "New key" }).click();
        await page.getByLabel("Name").fill(name);
        const old = await letExpire(page, stack, browserKnows);
        assert.equal((await call(stack, "/v1/auth/me", old)).body.code, "TOKEN_EXPIRED");
        renewals = 0;
        await page.getByRole("button", { name: "Create key" }).click();
        await page.getByRole("region", { name: "API key" }).waitFor();
        await page.getByRole("button", { name: "Done" }).click();
        await page.getByRole("row", { name: new RegExp(name) }).waitFor();
        assert.equal(await page.getByText("Your session has ended").count(), 0);
        assert.equal(renewals, 1);
        const renewed = await tokenIn(page);
        assert.notEqual(renewed, old);
        assert.equal((await call(stack, "/v1/auth/me", renewed)).status, 200);
      });
    }

    await t.step("all that a view asks for at once renews it once", async () => {
      await letExpire(page, stack, false);
      renewals = 0;
      await page.goto("/drifts");
      await page.getByRole("table", { name: "Drifts" }).getByRole("link").first().waitFor();
      await page.getByRole("status").filter({ hasText: /^Live$/, visible: true }).waitFor();
      assert.equal(renewals, 1);
    });

    await t.step("what needs a recent sign-in asks for one, or can be left", async () => {
      await page.goto("/settings/api-keys");
      await page.getByRole("button", { name: "New key" }).click();
      await page.getByLabel("Name").fill("made after a recent sign-in");
      await signAnew(page, stack, (claims) => ({
        amr: [{ method: "password", timestamp: claims.iat! - 301 }],
      }), false);
      const confirmation = page.getByRole("dialog", { name: "Confirm that it is you" });
      for (const left of ["Cancel", "Close"]) {
        await page.getByRole("button", { name: "Create key" }).click();
        await confirmation.getByRole("button", { name: left }).click();
        await confirmation.waitFor({ state: "hidden" });
        await page.getByText("Managing keys needs a recent sign-in").waitFor();
      }
      await page.getByRole("button", { name: "Create key" }).click();
      await confirmation.waitFor();
      await signIn(page, "user", "wrong");
      await confirmation.getByText("Wrong email or password").waitFor();
      await signIn(page, "user");
      await confirmation.waitFor({ state: "hidden" });
      await page.getByRole("button", { name: "Create key" }).click();
      await page.getByRole("button", { name: "Done" }).click();
      await page.getByRole("row", { name: /made after a recent sign-in/ }).waitFor();
    });

    await t.step("a session that can't be renewed is asked for again, over the view", async () => {
      await page.goto("/settings/api-keys");
      await page.getByRole("button", { name: "New key" }).click();
      await page.getByLabel("Name").fill("still here");
      const ended = await call(stack, "/v1/api/logout", await tokenIn(page), {
        method: "POST",
        body: JSON.stringify({ scope: "global" }),
      });
      assert.equal(ended.status, 204);
      await letExpire(page, stack, false);
      await page.getByRole("button", { name: "Create key" }).click();
      await page.getByText("Your session has ended").waitFor();
      await signIn(page, "user");
      await page.getByText("Your session has ended").waitFor({ state: "hidden" });
      await eventually(async () => await page.getByLabel("Name").inputValue() === "still here");
    });

    assert.deepEqual(site.complaints, []);
  },
});

/**
 * Puts the same token into the session as it is an hour later.
 * @param browserKnows whether the browser, too, takes the time for over
 * @returns the expired token
 */
async function letExpire(page: Page, stack: Stack, browserKnows: boolean): Promise<string> {
  const aged = ({ iat }: JWTPayload) => ({ iat: iat! - 7200, exp: iat! - 3600 });
  return await signAnew(page, stack, aged, browserKnows);
}

/**
 * Puts the session's token, with other claims, in its place.
 * @param change the other claims
 * @param browserKnows whether the browser, too, is told when it ends
 * @returns the token now there
 */
async function signAnew(
  page: Page,
  stack: Stack,
  change: (claims: JWTPayload) => JWTPayload,
  browserKnows: boolean,
): Promise<string> {
  const before = decodeJwt(await tokenIn(page));
  const claims = { ...before, ...change(before) };
  const token = await new SignJWT(claims)
    .setProtectedHeader({ alg: "ES256", kid: stack.signingKey.kid, typ: "JWT" })
    .sign(await importJWK(stack.signingKey, "ES256"));
  await page.evaluate(([key, token, expiry]) => {
    const session = JSON.parse(localStorage.getItem(key)!);
    const expires_at = expiry ?? session.expires_at;
    localStorage.setItem(key, JSON.stringify({ ...session, access_token: token, expires_at }));
  }, [STORED, token, browserKnows ? claims.exp : null] as const);
  return token;
}

async function tokenIn(page: Page): Promise<string> {
  return await page.evaluate((key) => JSON.parse(localStorage.getItem(key)!).access_token, STORED);
}

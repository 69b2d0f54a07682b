/** Guarantee: a session that Supabase Auth ended, banned or never knew is dead on the next request. */
import assert from "node:assert/strict";
import { decodeJwt } from "jose";
import { KeyTokenMint } from "../../shared/auth/key_token.ts";
import type { PrivateSigningJwk } from "../../shared/config/env.ts";
import { clientOf, DEMO_PASSWORD } from "../stack/running_stack.ts";
import { callsOf } from "./auth_calls.ts";
import { IS_AUTH_REAL, realAuthTest, startAuthStack } from "./auth_stack.ts";

const stack = IS_AUTH_REAL ? await startAuthStack() : undefined!;
if (stack) Deno.test.afterAll(() => stack.stop());
const { login, call } = callsOf(() => stack);
const codeOf = async (token: string) => (await call(token, "GET", "/v1/auth/me")).body.code;
const refresh = (refresh_token: string) => call(undefined, "POST", "/api/refresh", { refresh_token });

realAuthTest("a refresh token is good once here, also within Auth's own reuse interval", async () => {
  const { refresh_token } = (await login("owner@example.com")).body;
  const [first, second] = await Promise.all([refresh(refresh_token), refresh(refresh_token)]);
  assert.deepEqual([first.status, second.status].sort(), [200, 401]);
  assert.equal((await refresh(refresh_token)).body.code, "TOKEN_INVALID");
  const live = first.status === 200 ? first : second;
  assert.equal((await call(live.body.token, "GET", "/v1/auth/me")).status, 200);
  assert.equal((await refresh("unknown-token")).status, 401);
});

realAuthTest("a spent token past the interval ends its family at Auth", async () => {
  const { refresh_token } = (await login("admin@example.com")).body;
  const next = (await refresh(refresh_token)).body;
  const after = (await refresh(next.refresh_token)).body;
  // Auth's clock is not ours to move: what it remembers is.
  const anHourLater = () =>
    stack.database.query("update auth.refresh_tokens set updated_at = updated_at - interval '1 hour'");
  await anHourLater();
  assert.equal((await refresh(refresh_token)).status, 401);
  await anHourLater();
  assert.equal((await refresh(after.refresh_token)).status, 401);
});

realAuthTest("signing out ends this session, or all of them", async () => {
  const [one, two, three] = [
    (await login("viewer@example.com")).body,
    (await login("viewer@example.com")).body,
    (await login("viewer@example.com")).body,
  ];
  assert.equal((await call(one.token, "POST", "/api/logout")).status, 204);
  assert.equal(await codeOf(one.token), "SESSION_REVOKED");
  assert.equal((await refresh(one.refresh_token)).status, 401);
  assert.equal(await codeOf(two.token), undefined);
  assert.equal((await call(two.token, "POST", "/api/logout", { scope: "global" })).status, 204);
  for (const { token } of [two, three]) assert.equal(await codeOf(token), "SESSION_REVOKED");
});

realAuthTest("supabase-js signs out with the same effect", async () => {
  const client = clientOf(stack);
  const { data } = await client.auth.signInWithPassword({
    email: "user@example.com",
    password: DEMO_PASSWORD,
  });
  const other = (await login("user@example.com")).body.token;
  assert.equal((await client.auth.signOut({ scope: "others" })).error, null);
  assert.equal(await codeOf(other), "SESSION_REVOKED");
  assert.equal(await codeOf(data.session!.access_token), undefined);
  await client.auth.signOut({ scope: "local" });
  assert.equal(await codeOf(data.session!.access_token), "SESSION_REVOKED");
});

realAuthTest("a ban works at once, on sessions and on keys, and ends with the ban", async () => {
  const { token } = (await login("stranger@example.com")).body;
  const key = (await call(token, "POST", "/v1/settings/api-keys", { name: "banned" })).body.key;
  const admin = clientOf(stack, stack.secretKey).auth.admin;
  const id = decodeJwt(token).sub!;
  assert.equal((await admin.updateUserById(id, { ban_duration: "1h" })).error, null);
  assert.equal((await call(token, "GET", "/v1/auth/me")).status, 401);
  assert.equal((await call(key, "GET", "/v1/auth/whoami")).status, 401);
  assert.equal((await login("stranger@example.com")).body.code, "INVALID_CREDENTIALS");
  assert.equal((await admin.updateUserById(id, { ban_duration: "none" })).error, null);
  assert.equal((await call(key, "GET", "/v1/auth/whoami")).status, 200);
});

realAuthTest("the list of sessions is Auth's own, with device and address", async () => {
  const { token } = (await login("owner@example.com")).body;
  const { body } = await call(token, "GET", "/v1/auth/sessions");
  const current = body.find(({ current }: { current: boolean }) => current);
  assert.equal(current.id, decodeJwt(token).session_id);
  assert.match(current.user_agent, /Deno/);
  assert.ok(current.ip);
});

realAuthTest("a token that the functions mint for a key or a ticket is no session at Auth", async () => {
  const { token } = (await login("owner@example.com")).body;
  const claims = decodeJwt(token);
  const mint = new KeyTokenMint({
    signingJwk: stack.signingKey as unknown as PrivateSigningJwk,
    issuer: stack.issuer,
  });
  const minted = await mint.tokenFor({ user_id: claims.sub!, api_key_id: 1 });
  const atAuth = (method: string, path: string, body?: unknown) =>
    fetch(`${stack.url}/auth/v1${path}`, {
      method,
      headers: {
        apikey: stack.publishableKey,
        authorization: `Bearer ${minted}`,
        "content-type": "application/json",
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
  const calls: [string, string, unknown?][] = [
    ["GET", "/user"],
    ["PUT", "/user", { password: "set-by-a-key" }],
    ["POST", "/factors", { factor_type: "totp" }],
    ["GET", "/reauthenticate"],
    ["POST", "/logout?scope=global"],
    ["GET", "/admin/users"],
  ];
  for (const [method, path, body] of calls) {
    const answer = await atAuth(method, path, body);
    await answer.body?.cancel();
    assert.ok([401, 403].includes(answer.status), `${method} ${path}: ${answer.status}`);
  }
  assert.equal((await call(token, "GET", "/v1/auth/me")).status, 200);
  assert.equal((await login("owner@example.com")).status, 200);
});

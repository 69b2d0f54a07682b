/** Guarantee: what Supabase Auth mails leads in once, to the person whom it is for, and a password change ends what was before. */
import assert from "node:assert/strict";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { follow, newestMail } from "../http/mailbox.ts";
import { clientOf } from "../stack/running_stack.ts";
import { callsOf } from "./auth_calls.ts";
import { IS_AUTH_REAL, realAuthTest, startAuthStack } from "./auth_stack.ts";

const stack = IS_AUTH_REAL ? await startAuthStack({ confirmEmail: true }) : undefined!;
if (stack) Deno.test.afterAll(() => stack.stop());
const { login, call } = callsOf(() => stack);
const newAddress = () => `${crypto.randomUUID()}@example.com`;

async function registered(email: string, password: string): Promise<void> {
  const answer = await call(undefined, "POST", "/api/register", { email, password });
  assert.equal(answer.status, 202, JSON.stringify(answer.body));
}

realAuthTest("a registration waits for the mailed link, which leads in once", async () => {
  const email = newAddress();
  await registered(email, "my-own-password");
  assert.equal((await login(email, "my-own-password")).body.code, "INVALID_CREDENTIALS");
  const mail = await newestMail(stack, email);
  const { session } = await follow(mail);
  assert.equal((await call(session, "GET", "/v1/auth/me")).body.email, email);
  assert.equal((await login(email, "my-own-password")).status, 200);
  const again = await fetch(/https?:\/\/\S+/.exec(mail.content)![0], { redirect: "manual" });
  await again.body?.cancel();
  assert.match(again.headers.get("location")!, /error_code=otp_expired/);
});

realAuthTest("tokens are as the contract says: ES256 by a published key, our issuer, a session", async () => {
  const { body } = await login("owner@example.com");
  const header = decodeProtectedHeader(body.token);
  assert.deepEqual([header.alg, header.kid, header.typ], ["ES256", stack.signingKey.kid, "JWT"]);
  const claims = decodeJwt(body.token);
  assert.deepEqual([claims.iss, claims.aud, claims.role], [stack.issuer, "authenticated", "authenticated"]);
  assert.match(String(claims.session_id), /^[0-9a-f-]{36}$/);
  const { keys } = await (await fetch(`${stack.url}/auth/v1/.well-known/jwks.json`)).json();
  assert.deepEqual(keys.map(({ kid, d }: { kid: string; d?: string }) => [kid, d]), [[
    header.kid,
    undefined,
  ]]);
});

realAuthTest("an address that is taken is not told from one that is free", async () => {
  const email = newAddress();
  await registered(email, "my-own-password");
  await follow(await newestMail(stack, email));
  await registered(email, "somebody-elses");
  assert.equal((await login(email, "somebody-elses")).status, 401);
  assert.equal((await login(email, "my-own-password")).status, 200);
});

realAuthTest("recovery: the link leads in, the new password ends every other session", async () => {
  const email = newAddress();
  await registered(email, "forgotten-password");
  await follow(await newestMail(stack, email));
  const before = (await login(email, "forgotten-password")).body;
  const { error } = await clientOf(stack).auth.resetPasswordForEmail(email);
  assert.equal(error, null);
  const { session } = await follow(await newestMail(stack, email));
  const set = await fetch(`${stack.url}/auth/v1/user`, {
    method: "PUT",
    headers: {
      apikey: stack.publishableKey,
      authorization: `Bearer ${session}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ password: "a-new-password" }),
  });
  assert.equal(set.status, 200, await set.text());
  assert.equal((await call(before.token, "GET", "/v1/auth/me")).body.code, "SESSION_REVOKED");
  assert.equal((await login(email, "forgotten-password")).status, 401);
  assert.equal((await login(email, "a-new-password")).status, 200);
});

realAuthTest("a new email address counts once both mailboxes have said yes", async () => {
  const [old, next] = [newAddress(), newAddress()];
  await registered(old, "my-own-password");
  const { session } = await follow(await newestMail(stack, old));
  const change = await fetch(`${stack.url}/auth/v1/user`, {
    method: "PUT",
    headers: {
      apikey: stack.publishableKey,
      authorization: `Bearer ${session}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ email: next }),
  });
  assert.equal(change.status, 200, await change.text());
  const me = async () => (await call(session, "GET", "/v1/auth/me")).body.email;
  for (const address of [next, old]) {
    assert.equal(await me(), old);
    const link = /https?:\/\/\S+/.exec((await newestMail(stack, address)).content)![0];
    await (await fetch(link, { redirect: "manual" })).body?.cancel();
  }
  assert.equal(await me(), next);
});

realAuthTest("an account that Auth deletes takes its person and sessions along", async () => {
  const email = newAddress();
  await registered(email, "my-own-password");
  const { session } = await follow(await newestMail(stack, email));
  const admin = clientOf(stack, stack.secretKey).auth.admin;
  const { error } = await admin.deleteUser(decodeJwt(session).sub!);
  assert.equal(error, null);
  assert.equal((await call(session, "GET", "/v1/auth/me")).body.code, "SESSION_REVOKED");
  const left = await stack.database.query("select from public.profiles where email = $1", [email]);
  assert.equal(left.length, 0);
});

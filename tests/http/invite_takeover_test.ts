/** Guarantee: whoever registered an address first is not carried in by the invitation of whoever it belongs to. */
import assert from "node:assert/strict";
import { clientOf } from "../stack/running_stack.ts";
import { type Cast, gatherCast, PASSWORD } from "./cast.ts";
import { follow, newestMail } from "./mailbox.ts";

const open = await gatherCast();
const confirming = await gatherCast({ confirmEmail: true });

const ATTACKERS = "the-attackers-password";
const newAddress = () => `${crypto.randomUUID()}@example.com`;

async function register({ callWith }: Cast, email: string, password = ATTACKERS) {
  return await callWith(undefined, "POST", "/api/register", { email, password });
}

async function signIn({ callWith }: Cast, email: string, password: string) {
  return await callWith(undefined, "POST", "/api/login", { email, password });
}

async function invite({ call }: Cast, email: string): Promise<number> {
  const answer = await call("owner", "POST", "/v1/settings/team/invite", { email, role: "admin" });
  assert.deepEqual([answer.status, answer.body.mail_sent], [201, true]);
  return answer.body.id;
}

/** Follows the newest mail to an address. */
async function followNewest({ stack }: Cast, email: string) {
  return await follow(await newestMail(stack, email));
}

async function accept({ callWith }: Cast, session: string, token: string) {
  return await callWith(session, "POST", "/v1/settings/team/accept", { token });
}

/**
 * A passkey of whoever is in, where Auth has passkeys.
 * @returns counts those that are left
 */
async function addPasskey({ stack: { database } }: Cast, email: string): Promise<() => Promise<number>> {
  const [{ is_there } = { is_there: false }] = await database.query<{ is_there: boolean }>(
    "select to_regclass('auth.webauthn_credentials') is not null as is_there",
  );
  if (!is_there) return () => Promise.resolve(0);
  await database.query(
    `insert into auth.webauthn_credentials (user_id, credential_id, public_key)
     select u.id, sha256(u.id::text::bytea), 'x' from auth.users u where u.email = $1`,
    [email],
  );
  return async () =>
    (await database.query<{ count: number }>(
      `select count(*)::integer from auth.webauthn_credentials c join auth.users u on u.id = c.user_id
       where u.email = $1`,
      [email],
    ))[0]!.count;
}

Deno.test("where addresses aren't confirmed: password, sessions and keys of before are dead", async () => {
  const email = newAddress();
  const attacker = (await register(open, email)).body;
  const made = await open.callWith(attacker.token, "POST", "/v1/settings/api-keys", { name: "kept" });
  const other = (await signIn(open, email, ATTACKERS)).body;
  const client = clientOf(open.stack);
  await client.auth.setSession({ access_token: attacker.token, refresh_token: attacker.refresh_token });

  await invite(open, email);
  const { session, token } = await followNewest(open, email);
  const accepted = await accept(open, session, token);
  assert.deepEqual([accepted.status, accepted.body.has_password], [200, false]);

  assert.equal((await signIn(open, email, ATTACKERS)).body.code, "INVALID_CREDENTIALS");
  for (const credential of [attacker.token, other.token, made.body.key]) {
    const answer = await open.callWith(credential, "GET", "/v1/auth/whoami");
    assert.equal(answer.status, 401, JSON.stringify(answer.body));
  }
  const refreshed = await open.callWith(undefined, "POST", "/api/refresh", {
    refresh_token: other.refresh_token,
  });
  assert.equal(refreshed.status, 401);
  assert.ok((await client.auth.updateUser({ password: "set-by-the-attacker" })).error);

  const me = await open.callWith(session, "GET", "/v1/auth/me");
  assert.deepEqual([me.status, me.body.role], [200, "admin"]);
  const set = await fetch(`${open.stack.url}/auth/v1/user`, {
    method: "PUT",
    headers: {
      apikey: open.stack.publishableKey,
      authorization: `Bearer ${session}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ password: "my-own-password" }),
  });
  assert.equal(set.status, 200, await set.text());
  assert.equal((await signIn(open, email, "my-own-password")).status, 200);
});

Deno.test("where they are: the password of a registration that nobody confirmed ends with the invitation", async () => {
  const email = newAddress();
  assert.equal((await register(confirming, email)).status, 202);
  await invite(confirming, email);
  const { session, token } = await followNewest(confirming, email);
  assert.equal((await signIn(confirming, email, ATTACKERS)).status, 401);
  assert.equal((await accept(confirming, session, token)).status, 200);
  assert.equal((await signIn(confirming, email, ATTACKERS)).status, 401);
  assert.equal((await confirming.callWith(session, "GET", "/v1/auth/me")).body.role, "admin");
});

Deno.test("a password on an address that was confirmed for somebody else is dead after the acceptance", async () => {
  const email = newAddress();
  await register(confirming, email);
  // The mailbox's owner followed a mail that they had not asked for.
  await followNewest(confirming, email);
  const attacker = (await signIn(confirming, email, ATTACKERS)).body;
  await confirming.stack.database.query(
    `insert into auth.identities
       (provider, provider_id, user_id, identity_data, last_sign_in_at, created_at, updated_at)
     select 'github', u.id::text, u.id, jsonb_build_object('sub', u.id), now(), now(), now()
     from auth.users u where u.email = $1`,
    [email],
  );
  const passkeys = await addPasskey(confirming, email);
  await invite(confirming, email);
  const { session, token } = await followNewest(confirming, email);
  assert.equal((await accept(confirming, session, token)).body.has_password, false);
  const waysIn = await confirming.stack.database.query<{ provider: string }>(
    `select i.provider from auth.identities i join auth.users u on u.id = i.user_id
     where u.email = $1 and i.provider <> 'email'`,
    [email],
  );
  assert.deepEqual(waysIn, []);
  assert.equal(await passkeys(), 0);
  assert.equal((await signIn(confirming, email, ATTACKERS)).status, 401);
  assert.equal((await confirming.callWith(attacker.token, "GET", "/v1/auth/me")).status, 401);
});

Deno.test("who signs in with a password of their own keeps it, and their keys", async () => {
  const email = newAddress();
  await register(confirming, email, "my-own-password");
  await followNewest(confirming, email);
  const mine = (await signIn(confirming, email, "my-own-password")).body;
  const key = await confirming.callWith(mine.token, "POST", "/v1/settings/api-keys", { name: "mine" });
  await invite(confirming, email);
  const { token } = await followNewest(confirming, email);
  const accepted = await accept(confirming, mine.token, token);
  assert.deepEqual([accepted.status, accepted.body.has_password], [200, true]);
  assert.equal((await signIn(confirming, email, "my-own-password")).status, 200);
  assert.equal((await confirming.callWith(key.body.key, "GET", "/v1/auth/whoami")).status, 200);
});

Deno.test("the second invitation of a person ends nothing", async () => {
  const email = newAddress();
  await invite(open, email);
  const first = await followNewest(open, email);
  await accept(open, first.session, first.token);
  const stranger = await open.call("stranger", "POST", "/v1/settings/team/invite", { email, role: "user" });
  const second = await followNewest(open, email);
  assert.equal((await accept(open, second.session, second.token)).status, 200, JSON.stringify(stranger.body));
  assert.equal((await open.callWith(first.session, "GET", "/v1/auth/me")).status, 200);
});

Deno.test("an invitation dies with the ban of whoever sent it, and lives again without it", async () => {
  const email = newAddress();
  await invite(open, email);
  const { session, token } = await followNewest(open, email);
  const admin = clientOf(open.stack, open.stack.secretKey).auth.admin;
  const [owner] = await open.stack.database.query<{ id: string }>(
    "select id from auth.users where email = 'owner@example.com'",
  );
  await admin.updateUserById(owner!.id, { ban_duration: "1h" });
  assert.equal((await accept(open, session, token)).status, 422);
  assert.equal(
    (await open.callWith(undefined, "POST", "/v1/settings/team/accept/mail", { token })).status,
    404,
  );
  await admin.updateUserById(owner!.id, { ban_duration: "none" });
  assert.equal((await accept(open, session, token)).status, 200);
});

Deno.test("a link that was spent is mailed again to the invited address, five times a day", async () => {
  const email = newAddress();
  await invite(confirming, email);
  const { token } = await followNewest(confirming, email);
  const spent = await followNewest(confirming, email);
  assert.equal(new URLSearchParams(spent.page.hash.slice(1)).get("error_code"), "otp_expired");
  assert.equal(spent.token, token, "the invitation is still in the link");

  const remail = (token: string) =>
    confirming.callWith(undefined, "POST", "/v1/settings/team/accept/mail", { token });
  assert.equal((await remail(token)).status, 202);
  const again = await followNewest(confirming, email);
  assert.equal(again.token, token);
  for (let times = 2; times <= 5; times++) assert.equal((await remail(token)).status, 202);
  assert.equal((await remail(token)).status, 429);
  assert.equal((await accept(confirming, again.session, token)).status, 200);
  assert.equal((await remail(token)).status, 404);
  assert.equal((await remail(`ia_invite_${"x".repeat(43)}`)).status, 404);
});

Deno.test("the demo people can still sign in", async () => {
  assert.equal((await signIn(open, "owner@example.com", PASSWORD)).status, 200);
});

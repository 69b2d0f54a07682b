/** Guarantee: somebody with a second factor gets nowhere without it, at no endpoint and not at the Data API. */
import assert from "node:assert/strict";
import { decodeJwt } from "jose";
import { findEndpoints } from "../../scripts/endpoints.ts";
import { setUpApp, tokenOf } from "./authenticator_app.ts";
import { emailOf, gatherCast, PASSWORD, type Person } from "./cast.ts";

const cast = await gatherCast();
const { stack, callWith } = cast;

const CHALLENGE = 'Bearer realm="infraaudit", error="insufficient_user_authentication", acr_values="aal2"';
const login = (person: Person, proof: Record<string, string> = {}) =>
  callWith(undefined, "POST", "/api/login", { email: emailOf(person), password: PASSWORD, ...proof });
const sessionsOf = async (person: Person) =>
  (await stack.database.query<{ count: number }>(
    `select count(*)::integer from auth.sessions s join auth.users u on u.id = s.user_id where u.email = $1`,
    [emailOf(person)],
  ))[0]!.count;
const auditOf = async (action: string) =>
  (await cast.call("admin", "GET", `/v1/settings/audit-log?action=${action}`)).body.data;
const dataApi = (token: string, path: string, body?: unknown) =>
  fetch(`${stack.url}/rest/v1/${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      apikey: stack.publishableKey,
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
    },
    body: body === undefined ? null : JSON.stringify(body),
  });

const before = await cast.credential("owner");
const owner = await cast.supabase("owner");
const firstToken = await tokenOf(owner);
const app = await setUpApp(owner, cast);
const strong = await tokenOf(owner);
const weak = await tokenOf(await cast.supabase("owner"));

Deno.test("setting one up lifts its session, ends the weaker ones, and is in the audit log", async () => {
  assert.deepEqual([decodeJwt(firstToken).aal, decodeJwt(strong).aal, decodeJwt(weak).aal], [
    "aal1",
    "aal2",
    "aal1",
  ]);
  assert.equal((await callWith(strong, "GET", "/v1/auth/me")).status, 200);
  assert.equal((await callWith(before, "GET", "/v1/auth/me")).body.code, "SESSION_REVOKED");
  const [event] = await auditOf("mfa.enrolled");
  assert.deepEqual([event.actor_email, event.details], [emailOf("owner"), { type: "totp" }]);
});

Deno.test("every endpoint but those that lead out answers 401 MFA_REQUIRED to a session at aal1", async () => {
  const asked = (await findEndpoints()).filter(({ auth, acceptsAal1 }) => auth !== "none" && !acceptsAal1);
  assert.ok(asked.length > 30);
  for (const { method, path } of asked) {
    const url = `/v1${path}`.replace(/:[a-z_]+/g, "1").replace("factors/1", `factors/${app.factorId}`);
    const answer = await callWith(weak, method, url, method === "GET" ? undefined : {});
    // The MCP endpoint also says where its metadata is (RFC 9728).
    const challenge = answer.headers.get("www-authenticate")?.replace(/, resource_metadata="[^"]*"$/, "");
    assert.deepEqual(
      [answer.status, answer.body?.code, challenge, answer.body?.details],
      [401, "MFA_REQUIRED", CHALLENGE, { next: "challenge" }],
      `${method} ${path}`,
    );
  }
});

Deno.test("the Data API says the same, and writes nothing", async () => {
  const count = async () => (await stack.database.query("select count(*) from public.api_keys"))[0]!.count;
  const keys = await count();
  const calls: [string, unknown?][] = [
    ["resources?select=id"],
    ["organizations?select=id"],
    ["rpc/my_organizations"],
    ["rpc/create_api_key", { p_name: "x", p_prefix: "ia_live_0000000000", p_hashes: {} }],
    ["rpc/update_me", { p_changes: { full_name: "Mallory" } }],
  ];
  for (const [path, body] of calls) {
    const answer = await dataApi(weak, path, body);
    assert.deepEqual([answer.status, (await answer.json()).code], [401, "MFA_REQUIRED"], path);
    assert.match(answer.headers.get("www-authenticate")!, /insufficient_user_authentication/);
  }
  assert.equal(await count(), keys);
  const good = await dataApi(strong, "resources?select=id");
  assert.ok((await good.json()).length > 0);
});

Deno.test("a token from before the proof stays weak, though its session has proved it since", async () => {
  assert.equal(decodeJwt(firstToken).session_id, decodeJwt(strong).session_id);
  assert.equal((await callWith(firstToken, "GET", "/v1/auth/me")).body.code, "MFA_REQUIRED");
  assert.equal((await dataApi(firstToken, "resources?select=id")).status, 401);
});

Deno.test("a key of the person goes on, and a stream ticket of the strong session too", async () => {
  const made = await callWith(strong, "POST", "/v1/settings/api-keys", { name: "goes on" });
  assert.equal(made.status, 201);
  assert.equal((await callWith(made.body.key, "GET", "/v1/resources")).status, 200);
  const { ticket } = (await callWith(strong, "POST", "/api/ws/tickets")).body;
  const stream = await fetch(`${stack.url}/api/ws/drifts?token=${ticket}`);
  assert.equal(stream.status, 200);
  const { value } = await stream.body!.getReader().read();
  assert.match(new TextDecoder().decode(value), /retry: 2000/);
});

Deno.test("signing in without the code leaves no session behind", async () => {
  const sessions = await sessionsOf("owner");
  const answer = await login("owner");
  assert.deepEqual([answer.status, answer.body.code, answer.body.details], [401, "MFA_REQUIRED", {
    next: "totp",
  }]);
  assert.equal(await sessionsOf("owner"), sessions);
});

Deno.test("wrong, old and malformed codes are refused; a right one is good once", async () => {
  const code = await app.freshCode();
  const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, "0");
  const sessions = await sessionsOf("owner");
  for (const totp of [wrong, app.code(-3), app.code(3)]) {
    const answer = await login("owner", { totp });
    assert.deepEqual([answer.status, answer.body.code], [401, "INVALID_CREDENTIALS"], totp);
  }
  for (const totp of ["12345", "1234567", "abcdef", ""]) {
    assert.equal((await login("owner", { totp })).body.code, "VALIDATION_FAILED", totp);
  }
  assert.equal((await login("owner", { totp: code, recovery_code: "7x2k-9mqd-t4wb-0c8r" })).status, 400);
  assert.equal(await sessionsOf("owner"), sessions);

  const good = await login("owner", { totp: await app.freshCode() });
  assert.equal(good.status, 200);
  assert.equal(decodeJwt(good.body.token).aal, "aal2");
  assert.equal((await callWith(good.body.token, "GET", "/v1/auth/me")).status, 200);
  assert.equal((await login("owner", { totp: app.code() })).body.code, "INVALID_CREDENTIALS");
  // Supabase Auth itself would take it twice: the function remembers it too.
  await stack.database.query("delete from dev.totp_attempts");
  assert.equal((await login("owner", { totp: app.code() })).body.code, "INVALID_CREDENTIALS");
});

Deno.test("after five wrong codes the next is not looked at", async () => {
  const code = await app.freshCode();
  const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, "0");
  for (let times = 0; times < 5; times++) await login("owner", { totp: wrong });
  const answer = await login("owner", { totp: code });
  assert.deepEqual([answer.status, answer.body.code], [429, "RATE_LIMITED"]);
  await app.freshCode();
});

Deno.test("a refreshed session keeps what it has proved", async () => {
  const { refresh_token } = (await login("owner", { totp: await app.freshCode() })).body;
  const { status, body } = await callWith(undefined, "POST", "/api/refresh", { refresh_token });
  assert.equal(status, 200);
  assert.equal(decodeJwt(body.token).aal, "aal2");
  assert.equal((await callWith(body.token, "GET", "/v1/auth/me")).status, 200);
});

Deno.test("a session at aal1 may look at its factors and sign out, no more", async () => {
  const other = await tokenOf(await cast.supabase("owner"));
  const factors = await callWith(other, "GET", "/v1/auth/mfa");
  assert.deepEqual([factors.status, factors.body.factors.map(({ id }: { id: string }) => id)], [200, [
    app.factorId,
  ]]);
  assert.equal((await callWith(other, "POST", "/api/logout")).status, 204);
  assert.equal((await callWith(other, "GET", "/v1/auth/mfa")).body.code, "SESSION_REVOKED");
});

/** Guarantee: a command gets a key only by a code that a person in a good session has approved, once (RFC 8628). */
import assert from "node:assert/strict";
import { DEVICE_CODE_GRANT } from "../../shared/contracts/device_login.ts";
import { gatherCast } from "./cast.ts";
import { checkedFetch } from "./contract.ts";

const cast = await gatherCast();
const { call, callWith, stack } = cast;
const ask = checkedFetch();
const post = async (path: string, parameters: Record<string, string>) => {
  const response = await ask(`${stack.url}/v1/auth/device/${path}`, {
    method: "POST",
    body: new URLSearchParams(parameters),
  });
  return { status: response.status, body: await response.json() };
};
const begin = async () => (await post("code", { client_id: "infraudit", machine: "laptop" })).body;
/** As if the last poll were long ago. */
const poll = async (device_code: string) => {
  await stack.database.query("update private.device_logins set last_polled_at = null");
  return await post("token", { grant_type: DEVICE_CODE_GRANT, device_code });
};
const word = ({ status, body }: { status: number; body: { details?: { error?: string } } }) => [
  status,
  body.details?.error,
];
const keys = async () => (await stack.database.query("select id from public.api_keys")).length;
const forgetWrongCodes = () => stack.database.query("delete from private.wrong_device_codes");

Deno.test("the codes: eight letters without look-alikes, ten minutes, a page that knows them", async () => {
  const code = await begin();
  assert.match(code.user_code, /^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
  assert.deepEqual([code.expires_in, code.interval], [600, 5]);
  assert.equal(code.verification_uri, `${stack.url}/device`);
  assert.equal(code.verification_uri_complete, `${stack.url}/device?user_code=${code.user_code}`);
  const [row] = await stack.database.query<{ row: string }>(
    "select to_jsonb(d)::text as row from private.device_logins d limit 1",
  );
  assert.ok(!row!.row.includes(code.user_code) && !row!.row.includes(code.device_code));
});

Deno.test("approved, it is a key of ninety days named after the machine, taken once", async () => {
  const { device_code, user_code } = await begin();
  assert.deepEqual(word(await poll(device_code)), [400, "authorization_pending"]);
  const seen = (await call("user", "POST", "/v1/auth/device/look", { user_code })).body;
  assert.deepEqual([seen.machine, seen.address, seen.key_name], [
    "laptop",
    "127.0.0.1",
    "infraudit on laptop",
  ]);
  assert.ok(seen.scopes.includes("resources:write") && !seen.scopes.includes("api_keys:write"));
  const spelled = user_code.toLowerCase().replace("-", " ");
  assert.equal((await call("user", "POST", "/v1/auth/device/approve", { user_code: spelled })).status, 204);

  await stack.database.query("update private.device_logins set last_polled_at = null");
  const answers = await Promise.all(
    [1, 2, 3].map(() => post("token", { grant_type: DEVICE_CODE_GRANT, device_code })),
  );
  const taken = answers.filter(({ status }) => status === 200);
  assert.equal(taken.length, 1);
  const token = taken[0]!.body;
  assert.ok(Math.abs(token.expires_in - 90 * 86_400) < 60);
  const me = (await callWith(token.access_token, "GET", "/v1/auth/whoami")).body;
  assert.deepEqual([me.type, me.user.email, me.api_key.name], [
    "api_key",
    "user@example.com",
    "infraudit on laptop",
  ]);
  assert.deepEqual(me.permissions.join(" "), token.scope);
  assert.deepEqual(word(await poll(device_code)), [400, "invalid_grant"]);
  assert.equal((await call("user", "POST", "/v1/auth/device/approve", { user_code })).status, 404);
  const listed = (await call("user", "GET", "/v1/settings/api-keys")).body.find((key: { name: string }) =>
    key.name === "infraudit on laptop"
  );
  await call("user", "DELETE", `/v1/settings/api-keys/${listed.id}`);
  assert.equal((await callWith(token.access_token, "GET", "/v1/auth/whoami")).body.code, "API_KEY_REVOKED");
  const { data } = (await call("owner", "GET", "/v1/settings/audit-log?action=device_login.approved")).body;
  assert.deepEqual(data[0].details, { machine: "laptop", asked_from: "127.0.0.1" });
});

Deno.test("denied, too old or asked too often: the standard's words, and no key", async () => {
  const before = await keys();
  const denied = await begin();
  assert.equal(
    (await call("user", "POST", "/v1/auth/device/deny", { user_code: denied.user_code })).status,
    204,
  );
  assert.deepEqual(word(await poll(denied.device_code)), [400, "access_denied"]);

  const hasty = await begin();
  await poll(hasty.device_code);
  const again = await post("token", { grant_type: DEVICE_CODE_GRANT, device_code: hasty.device_code });
  assert.deepEqual(word(again), [400, "slow_down"]);

  const old = await begin();
  await stack.database.query("update private.device_logins set expires_at = now() where taken_at is null");
  assert.deepEqual(word(await poll(old.device_code)), [400, "expired_token"]);
  assert.equal(
    (await call("user", "POST", "/v1/auth/device/approve", { user_code: old.user_code })).status,
    404,
  );
  assert.equal(await keys(), before);
  await forgetWrongCodes();
});

Deno.test("a request that is none gets the standard's errors", async () => {
  const rows: [Record<string, string>, string][] = [
    [{}, "invalid_request"],
    [{ grant_type: "password" }, "unsupported_grant_type"],
    [{ grant_type: DEVICE_CODE_GRANT }, "invalid_request"],
    [{ grant_type: DEVICE_CODE_GRANT, device_code: "x" }, "invalid_grant"],
    [{ grant_type: DEVICE_CODE_GRANT, device_code: `ia_device_${"a".repeat(43)}` }, "invalid_grant"],
  ];
  for (const [parameters, error] of rows) {
    assert.deepEqual(word(await post("token", parameters)), [400, error], JSON.stringify(parameters));
  }
});

Deno.test("who can't approve: keys, viewers, nobody; the command goes on waiting", async () => {
  const { device_code, user_code } = await begin();
  const rows = [["anonymous", 401], ["key:api_keys:write", 403], ["viewer", 403]] as const;
  for (const [actor, status] of rows) {
    assert.equal((await call(actor, "POST", "/v1/auth/device/approve", { user_code })).status, status, actor);
  }
  assert.deepEqual(word(await poll(device_code)), [400, "authorization_pending"]);
});

Deno.test("after five wrong codes none is looked at, not even a right one", async () => {
  const { user_code } = await begin();
  const path = "/v1/auth/device/approve";
  for (let time = 0; time < 5; time++) {
    assert.equal((await call("admin", "POST", path, { user_code: "BBBB-BBBB" })).status, 404);
  }
  assert.equal((await call("admin", "POST", path, { user_code })).body.code, "RATE_LIMITED");
  assert.equal(
    (await call("admin", "POST", path, { user_code: "AEIO-1234" })).body.code,
    "VALIDATION_FAILED",
  );
  assert.equal(
    (await call("owner", "POST", path, { user_code })).status,
    204,
    "somebody else is not held up",
  );
});

Deno.test("an approval counts for nothing once its person is gone", async () => {
  const { device_code, user_code } = await begin();
  assert.equal((await call("stranger", "POST", "/v1/auth/device/approve", { user_code })).status, 204);
  await stack.database.query(
    "update auth.users set banned_until = now() + interval '1 hour' where email = 'stranger@example.com'",
  );
  assert.deepEqual(word(await poll(device_code)), [400, "access_denied"]);
});

Deno.test("somebody with fifty keys is told so when they approve, and the command gets none", async () => {
  const [early, late] = [await begin(), await begin()];
  const approve = (user_code: string) => call("user", "POST", "/v1/auth/device/approve", { user_code });
  assert.equal((await approve(early.user_code)).status, 204);
  await stack.database.query(
    `insert into public.api_keys (organization_id, created_by, name, prefix, scopes)
     select p.organization_id, p.id, 'filler', 'ia_live_fill' || lpad(n::text, 6, '0'), '{resources:read}'
     from generate_series(1, 50) n cross join public.profiles p where p.email = 'user@example.com'`,
  );
  const before = await keys();
  const refused = await approve(late.user_code);
  assert.deepEqual([refused.status, refused.body.code], [422, "UNPROCESSABLE"]);
  assert.match(refused.body.error, /50 active API keys/);
  assert.deepEqual(word(await poll(early.device_code)), [400, "access_denied"]);
  assert.deepEqual(word(await poll(late.device_code)), [400, "authorization_pending"]);
  const made = await call("user", "POST", "/v1/settings/api-keys", { name: "one more" });
  assert.equal(made.status, 422);
  assert.equal(await keys(), before);
  await stack.database.query("delete from public.api_keys where name = 'filler'");
});

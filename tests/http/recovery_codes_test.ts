/** Guarantee: a recovery code stands in for a lost device once, takes its factors away, and is stored as a digest only. */
import assert from "node:assert/strict";
import { setUpApp, tokenOf } from "./authenticator_app.ts";
import { emailOf, gatherCast, PASSWORD } from "./cast.ts";

const cast = await gatherCast();
const { stack, callWith } = cast;
const login = (proof: Record<string, string>) =>
  callWith(undefined, "POST", "/api/login", { email: emailOf("user"), password: PASSWORD, ...proof });

const user = await cast.supabase("user");
await setUpApp(user, cast);
const made = await callWith(await tokenOf(user), "POST", "/v1/auth/mfa/recovery-codes");
const codes: string[] = made.body.codes;

Deno.test("ten are made for whoever has proved a factor, and nobody else", async () => {
  assert.equal(made.status, 201);
  assert.equal(new Set(codes).size, 10);
  for (const code of codes) assert.match(code, /^[0-9a-z]{4}(-[0-9a-z]{4}){3}$/);
  const refused = await cast.call("admin", "POST", "/v1/auth/mfa/recovery-codes");
  assert.deepEqual([refused.status, refused.body.code], [422, "UNPROCESSABLE"]);
  const byKey = await cast.call("key:api_keys:write", "POST", "/v1/auth/mfa/recovery-codes");
  assert.deepEqual([byKey.status, byKey.body.code], [403, "FORBIDDEN"]);
  const [{ count } = { count: 0 }] = await stack.database.query<{ count: number }>(
    "select count(distinct user_id)::integer from private.recovery_codes",
  );
  assert.equal(count, 1);
});

Deno.test("none of them is anywhere in the database as it was shown", async () => {
  const [row] = await stack.database.query<{ all: string }>(
    `select query_to_xml('select * from private.recovery_codes', true, false, '')::text
       || query_to_xml('select * from public.audit_events', true, false, '')::text as all`,
  );
  for (const code of codes) {
    assert.ok(!row!.all.includes(code) && !row!.all.includes(code.replaceAll("-", "")));
  }
});

Deno.test("a wrong one changes nothing", async () => {
  const answer = await login({ recovery_code: "0000-0000-0000-0000" });
  assert.deepEqual([answer.status, answer.body.code], [401, "INVALID_CREDENTIALS"]);
  assert.equal((await login({ recovery_code: "no code" })).status, 400);
  const { data } = await user.auth.mfa.listFactors();
  assert.equal(data!.totp.length, 1);
});

Deno.test("one signs in, removes the factors, and is used up; the others stay", async () => {
  const answer = await login({ recovery_code: codes[0]!.toUpperCase().replaceAll("-", " ") });
  assert.equal(answer.status, 200);
  const state = await callWith(answer.body.token, "GET", "/v1/auth/mfa");
  assert.deepEqual([state.body.factors, state.body.recovery_codes_left], [[], 9]);
  const { data } = await cast.call("admin", "GET", "/v1/settings/audit-log?action=mfa").then((a) => a.body);
  const actions = data.map(({ action }: { action: string }) => action);
  assert.deepEqual(actions, ["mfa.recovered", "mfa.removed", "mfa.recovery_codes_made", "mfa.enrolled"]);

  const again = await cast.supabase("user");
  await setUpApp(again, cast);
  assert.equal((await login({ recovery_code: codes[0]! })).body.code, "INVALID_CREDENTIALS");
});

Deno.test("a session that waits for its second factor can use one instead", async () => {
  const waiting = await tokenOf(await cast.supabase("user"));
  const wrong = await callWith(waiting, "POST", "/v1/auth/mfa/recover", { recovery_code: codes[0] });
  assert.deepEqual([wrong.status, wrong.body.code], [401, "INVALID_CREDENTIALS"]);
  assert.equal((await callWith(waiting, "GET", "/v1/auth/me")).body.code, "MFA_REQUIRED");
  const right = await callWith(waiting, "POST", "/v1/auth/mfa/recover", { recovery_code: codes[1] });
  assert.equal(right.status, 204);
  assert.equal((await callWith(waiting, "GET", "/v1/auth/me")).status, 200);
});

Deno.test("of many who use the same code at once, one gets in", async () => {
  const again = await cast.supabase("user");
  await setUpApp(again, cast);
  const answers = await Promise.all(Array.from({ length: 4 }, () => login({ recovery_code: codes[2]! })));
  // Whoever comes after the factors are gone needs no second factor any more: the code is used up once either way.
  const state = await callWith(
    answers.find(({ status }) => status === 200)!.body.token,
    "GET",
    "/v1/auth/mfa",
  );
  assert.equal(state.body.recovery_codes_left, 7);
});

Deno.test("new ones put an end to those before", async () => {
  const again = await cast.supabase("user");
  await setUpApp(again, cast);
  await callWith(await tokenOf(again), "POST", "/v1/auth/mfa/recovery-codes");
  assert.equal((await login({ recovery_code: codes[5]! })).body.code, "INVALID_CREDENTIALS");
});

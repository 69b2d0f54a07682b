/** Guarantee: where an organization asks for a second factor, its people can do nothing before they have one; keys go on. */
import assert from "node:assert/strict";
import { setUpApp, tokenOf } from "./authenticator_app.ts";
import { gatherCast } from "./cast.ts";

const cast = await gatherCast();
const { stack, callWith } = cast;
const change = (credential: string | undefined, body: unknown) =>
  callWith(credential, "PATCH", "/v1/settings/organization", body);
const rule = async () =>
  (await stack.database.query("select name, require_mfa from public.organizations where name = 'Demo'"))[0];

// Before the rule: a key of somebody without a second factor.
const userKey = (await cast.call("user", "POST", "/v1/settings/api-keys", { name: "before" })).body.key;
const ownerKey = await cast.credential("key:team:write");

Deno.test("who may change it: an owner who has proved a second factor, and no key", async () => {
  for (const person of ["admin", "user", "viewer"] as const) {
    const answer = await cast.call(person, "PATCH", "/v1/settings/organization", { require_mfa: true });
    assert.deepEqual([answer.status, answer.body.details], [403, { required: "team:write" }], person);
  }
  assert.equal((await change(ownerKey, { require_mfa: true })).status, 403);
  assert.equal((await change(await cast.credential("owner"), { require_mfa: true })).status, 422);
  assert.equal((await change(await cast.credential("owner"), {})).status, 400);
  assert.deepEqual(await rule(), { name: "Demo", require_mfa: false });
});

Deno.test("everybody without one is shown the way to enrol, and nothing else", async () => {
  const owner = await cast.supabase("owner");
  await setUpApp(owner, cast);
  const strong = await tokenOf(owner);
  const answer = await change(strong, { require_mfa: true });
  assert.deepEqual([answer.status, answer.body.require_mfa], [200, true]);
  assert.equal((await callWith(strong, "GET", "/v1/auth/me")).status, 200);

  const weak = (await cast.signIn("user")).token;
  for (const path of ["/v1/auth/me", "/v1/resources", "/v1/settings/api-keys", "/v1/settings/organization"]) {
    const { status, body } = await callWith(weak, "GET", path);
    assert.deepEqual([status, body.code, body.details], [401, "MFA_REQUIRED", { next: "enrolment" }], path);
  }
  const direct = await fetch(`${stack.url}/rest/v1/resources?select=id`, {
    headers: { apikey: stack.publishableKey, authorization: `Bearer ${weak}` },
  });
  assert.deepEqual([direct.status, (await direct.json()).code], [401, "MFA_REQUIRED"]);
  assert.equal((await callWith(weak, "GET", "/v1/auth/mfa")).body.is_required, true);
});

Deno.test("keys go on; the stranger's organization asks nothing", async () => {
  assert.equal((await callWith(userKey, "GET", "/v1/resources")).status, 200);
  assert.equal((await callWith(ownerKey, "GET", "/v1/auth/whoami")).status, 200);
  assert.equal((await cast.call("stranger", "GET", "/v1/auth/me")).status, 200);
});

Deno.test("with one set up everything is as before, and the last one can't be removed", async () => {
  const user = await cast.supabase("user");
  const app = await setUpApp(user, cast);
  const strong = await tokenOf(user);
  assert.equal((await callWith(strong, "POST", "/v1/settings/api-keys", { name: "after" })).status, 201);

  const removed = await callWith(strong, "DELETE", `/v1/auth/mfa/factors/${app.factorId}`);
  assert.deepEqual([removed.status, removed.body.code], [422, "UNPROCESSABLE"]);
  const { error } = await user.auth.mfa.unenroll({ factorId: app.factorId });
  assert.ok(error);
  assert.equal((await callWith(strong, "GET", "/v1/auth/mfa")).body.factors.length, 1);

  const second = await setUpApp(user, cast);
  const stronger = await tokenOf(user);
  assert.equal((await callWith(stronger, "DELETE", `/v1/auth/mfa/factors/${app.factorId}`)).status, 204);
  const left = (await callWith(stronger, "GET", "/v1/auth/mfa")).body.factors;
  assert.deepEqual(left.map(({ id }: { id: string }) => id), [second.factorId]);
});

Deno.test("nobody removes somebody else's factor, and no key removes one", async () => {
  const admin = await cast.supabase("admin");
  const mine = await setUpApp(admin, cast);
  const [theirs] = await stack.database.query<{ id: string }>(
    "select f.id from auth.mfa_factors f join auth.users u on u.id = f.user_id where u.email = 'user@example.com'",
  );
  const answer = await callWith(await tokenOf(admin), "DELETE", `/v1/auth/mfa/factors/${theirs!.id}`);
  assert.deepEqual([answer.status, answer.body.code], [404, "NOT_FOUND"]);
  const byKey = await callWith(ownerKey, "DELETE", `/v1/auth/mfa/factors/${mine.factorId}`);
  assert.equal(byKey.status, 403);
  const [{ count } = { count: 0 }] = await stack.database.query<{ count: number }>(
    "select count(*)::integer from auth.mfa_factors where id = any($1::uuid[])",
    [`{${theirs!.id},${mine.factorId}}`],
  );
  assert.equal(count, 2);
});

Deno.test("renaming is told in the audit log, before and after", async () => {
  const owner = await cast.credential("key:team:write");
  assert.equal((await change(owner, { name: "  Demo Inc.  " })).body.name, "Demo Inc.");
  const [event] = await stack.database.query(
    "select action, credential_type, details from public.audit_events order by id desc limit 1",
  );
  const rules = { require_mfa: true, drift_retention_days: 365, audit_retention_days: 730 };
  assert.deepEqual(event, {
    action: "organization.changed",
    credential_type: "api_key",
    details: { before: { ...rules, name: "Demo" }, after: { ...rules, name: "Demo Inc." } },
  });
});

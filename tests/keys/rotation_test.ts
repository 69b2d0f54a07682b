/** A key's successor takes over without a gap, there is never more than one, and the old key ends to the second. */
import assert from "node:assert/strict";
import { makeKey, outcome, signIn, startedIsolate, startedStack } from "./api_calls.ts";

Deno.test("rotation", async (t) => {
  await using stack = await startedStack();
  const call = await startedIsolate(stack);
  const [owner, user, stranger] = await Promise.all([
    signIn(call, "owner"),
    signIn(call, "user"),
    signIn(call, "stranger"),
  ]);
  const rotate = (id: number, credential: string, body?: unknown) =>
    call("POST", `/settings/api-keys/${id}/rotate`, { credential, body });
  const shown = async (id: number) =>
    (await call("GET", `/settings/api-keys/${id}`, { credential: owner })).body;
  const me = (credential: string) => call("GET", "/auth/whoami", { credential });

  await t.step("gives a successor of the same strength, and both keys work in the grace", async () => {
    const old = await makeKey(call, user, {
      name: "CI",
      scopes: ["resources:read"],
      expires_in_days: 30,
      allowed_ips: ["192.0.2.0/24"],
      rate_limit: 50,
    });
    const answer = await rotate(old.id, user);
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    const { id, key, prefix, created_at, expires_at, replaces, replaced_by, ...rest } = answer.body;
    assert.match(key, /^ia_live_/);
    assert.equal(key.slice(0, 18), prefix);
    assert.notEqual(key, old.key);
    assert.equal(replaces, old.id);
    assert.equal(replaced_by, null);
    assert.deepEqual(rest, {
      name: "CI",
      scopes: ["resources:read"],
      allowed_ips: ["192.0.2.0/24"],
      rate_limit: 50,
      created_by: old.created_by,
      last_used_at: null,
      revoked_at: null,
      status: "active",
    });
    assert.equal(Math.round((Date.parse(expires_at) - Date.parse(created_at)) / 86_400_000), 30);

    const before = await shown(old.id);
    assert.equal(before.status, "grace");
    assert.equal(before.replaced_by, id);
    assert.equal(Math.round((Date.parse(before.expires_at) - Date.parse(created_at)) / 1000), 86_400);

    const [byOld, byNew] = [await me(old.key), await me(key)];
    assert.deepEqual([byOld.status, byNew.status], [200, 200]);
    assert.equal(byOld.headers.get("x-api-key-expires"), new Date(before.expires_at).toISOString());
    assert.equal(byNew.headers.get("x-api-key-expires"), null);
  });

  await t.step("with a grace of 0 the old key is dead at once", async () => {
    const old = await makeKey(call, user);
    assert.equal((await me(old.key)).status, 200);
    const { status, body } = await rotate(old.id, user, { grace_seconds: 0 });
    assert.equal(status, 201);
    assert.equal(outcome(await me(old.key)), "401 API_KEY_EXPIRED");
    assert.equal((await me(body.key)).status, 200);
    assert.equal((await shown(old.id)).status, "expired");
  });

  await t.step("the grace ends at its second, by the database's clock", async () => {
    const old = await makeKey(call, user);
    await rotate(old.id, user, { grace_seconds: 1 });
    assert.equal((await me(old.key)).status, 200);
    const end = Date.parse((await shown(old.id)).expires_at);
    for (;;) {
      const answer = await me(old.key);
      const [{ now }] = await stack.database.query<{ now: number }>(
        "select extract(epoch from clock_timestamp()) * 1000 as now",
      ) as [{ now: number }];
      if (answer.status === 200) {
        assert.ok(Number(now) < end + 250, "a dead key was let in");
        continue;
      }
      assert.equal(outcome(answer), "401 API_KEY_EXPIRED");
      assert.ok(Number(now) >= end, "a key in its grace was refused");
      break;
    }
  });

  await t.step("the old one can be ended now, and the successor lives on", async () => {
    const old = await makeKey(call, user);
    const { body: successor } = await rotate(old.id, user);
    assert.equal(
      (await call("DELETE", `/settings/api-keys/${old.id}`, { credential: user })).status,
      204,
    );
    assert.equal(outcome(await me(old.key)), "401 API_KEY_REVOKED");
    assert.equal((await me(successor.key)).status, 200);
    const row = await shown(old.id);
    assert.deepEqual([row.status, row.replaced_by], ["revoked", successor.id]);
  });

  await t.step("who may not, can't: and nothing changes", async () => {
    const old = await makeKey(call, owner, { scopes: ["team:write", "api_keys:write"] });
    const dead = await makeKey(call, user);
    await rotate(dead.id, user, { grace_seconds: 0 });
    const revoked = await makeKey(call, user);
    await call("DELETE", `/settings/api-keys/${revoked.id}`, { credential: user });
    const [expired, unused] = [await makeKey(call, user), await makeKey(call, user)];
    await stack.database.query("update public.api_keys set expires_at = now() where id = $1", [expired.id]);
    await stack.database.query(
      "update public.api_keys set created_at = created_at - interval '181 days' where id = $1",
      [unused.id],
    );
    const admin = await signIn(call, "admin");
    const viewer = await signIn(call, "viewer");
    const reader = await makeKey(call, user, { scopes: ["resources:read"] });
    const narrow = await makeKey(call, owner, { scopes: ["api_keys:write"] });
    const longer = await makeKey(call, owner, { scopes: ["api_keys:write"], expires_in_days: 200 });
    const before = (await call("GET", "/settings/api-keys", { credential: owner })).body;
    const rows: [string, string, number, unknown, string, unknown][] = [
      ["a stranger", stranger, old.id, {}, "403 FORBIDDEN", { required: "api_keys:write" }],
      ["somebody else", user, old.id, {}, "403 FORBIDDEN", { required: "api_keys:write" }],
      ["an admin, a key with rights no admin has", admin, old.id, {}, "403 FORBIDDEN", {
        required: "team:write",
      }],
      ["a viewer", viewer, old.id, {}, "403 FORBIDDEN", { required: "api_keys:write" }],
      ["a key without the scope", reader.key, old.id, {}, "403 FORBIDDEN", { required: "api_keys:write" }],
      ["a key, a wider one", narrow.key, old.id, {}, "403 FORBIDDEN", { required: "team:write" }],
      ["a key, a longer-lived one", narrow.key, longer.id, {}, "403 FORBIDDEN", {
        required: "api_keys:write",
      }],
      ["nobody's id", user, 999_999, {}, "404 NOT_FOUND", undefined],
      ["one with a successor", user, dead.id, {}, "409 CONFLICT", undefined],
      ["a revoked one", user, revoked.id, {}, "422 UNPROCESSABLE", undefined],
      ["an expired one", user, expired.id, {}, "422 UNPROCESSABLE", undefined],
      ["one unused for half a year", user, unused.id, {}, "422 UNPROCESSABLE", undefined],
      ["a negative grace", user, reader.id, { grace_seconds: -1 }, "400 VALIDATION_FAILED", undefined],
      ["more than 7 days", user, reader.id, { grace_seconds: 604_801 }, "400 VALIDATION_FAILED", undefined],
      ["half a second", user, reader.id, { grace_seconds: 0.5 }, "400 VALIDATION_FAILED", undefined],
      ["an unknown field", user, reader.id, { grace: 1 }, "400 VALIDATION_FAILED", undefined],
    ];
    for (const [name, credential, id, body, expected, details] of rows) {
      const answer = await rotate(id, credential, body);
      assert.equal(outcome(answer), expected, name);
      if (details) assert.deepEqual(answer.body.details, details, name);
    }
    const after = (await call("GET", "/settings/api-keys", { credential: owner })).body;
    const still = (list: { last_used_at: unknown }[]) => list.map((row) => ({ ...row, last_used_at: null }));
    assert.deepEqual(still(after), still(before));
  });

  await t.step("is told in the audit log", async () => {
    const old = await makeKey(call, user, { name: "told" });
    const { body } = await rotate(old.id, user, { grace_seconds: 60 });
    const [event] = await stack.database.query<{ actor_email: string; details: Record<string, unknown> }>(
      "select actor_email, details from public.audit_events where action = 'api_key.rotated' and target_id = $1",
      [String(old.id)],
    );
    assert.equal(event?.actor_email, "user@example.com");
    assert.equal(event?.details.replaced_by, body.id);
  });
});

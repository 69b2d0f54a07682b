/** Guarantee: keys are made by whoever may, never stronger than their maker, shown once, and dead when revoked. */
import assert from "node:assert/strict";
import { type Actor, EVERYBODY, gatherCast } from "./cast.ts";

const { call, callWith, credential, stack } = await gatherCast();

const MAKERS: Actor[] = ["owner", "admin", "user", "stranger", "key:api_keys:write"];
const LISTERS: Actor[] = ["owner", "admin", "user", "stranger", "key:api_keys:read"];

const keys = () =>
  stack.database.query("select id, name, scopes, revoked_at from public.api_keys order by id");
await Promise.all(EVERYBODY.map(credential));

for (const actor of EVERYBODY) {
  const scopes = actor === "key:api_keys:write" ? ["api_keys:write"] : ["resources:read"];
  Deno.test(`${actor} makes and revokes a key`, async () => {
    const before = await keys();
    const made = await call(actor, "POST", "/v1/settings/api-keys", { name: "made", scopes });
    const expected = actor === "anonymous" ? 401 : MAKERS.includes(actor) ? 201 : 403;
    assert.equal(made.status, expected);
    if (expected !== 201) {
      if (expected === 403) assert.deepEqual(made.body.details, { required: "api_keys:write" });
      assert.deepEqual(await keys(), before, "nothing was made");
      return;
    }
    assert.match(made.body.key, /^ia_live_[0-9A-Za-z]{10}_[0-9A-Za-z]{49}$/);
    assert.ok(made.body.key.startsWith(`${made.body.prefix}_`));
    const use = () => callWith(made.body.key, "GET", "/v1/auth/whoami");
    assert.deepEqual((await use()).body.permissions, scopes);
    assert.equal((await call(actor, "DELETE", `/v1/settings/api-keys/${made.body.id}`)).status, 204);
    assert.deepEqual([(await use()).status, (await use()).body.code], [401, "API_KEY_REVOKED"]);
    assert.equal(
      (await call(actor, "DELETE", `/v1/settings/api-keys/${made.body.id}`)).status,
      204,
      "twice is no error",
    );
  });

  Deno.test(`${actor} lists keys`, async () => {
    const listed = await call(actor, "GET", "/v1/settings/api-keys");
    const expected = actor === "anonymous" ? 401 : LISTERS.includes(actor) ? 200 : 403;
    assert.equal(listed.status, expected);
    if (expected === 403) assert.deepEqual(listed.body.details, { required: "api_keys:read" });
    if (expected !== 200) return;
    const text = JSON.stringify(listed.body);
    assert.ok(!/"(key|hash)"/.test(text) && !/ia_live_[0-9A-Za-z]{10}_/.test(text), "neither key nor hash");
  });
}

Deno.test("a key's use is there by day and address, for whoever may read the key", async () => {
  const made = (await call("user", "POST", "/v1/settings/api-keys", { name: "used" })).body;
  const path = `/v1/settings/api-keys/${made.id}/usage`;
  assert.deepEqual((await call("user", "GET", path)).body, { days: [], addresses: [] });
  for (let times = 0; times < 3; times++) await callWith(made.key, "GET", "/v1/auth/whoami");
  for (const actor of ["user", "admin", "owner", "key:api_keys:read"] as const) {
    const { days, addresses } = (await call(actor, "GET", path)).body;
    assert.deepEqual(days.map(({ minutes }: { minutes: number }) => minutes), [1], actor);
    assert.deepEqual(addresses.map(({ minutes }: { minutes: number }) => minutes), [1], actor);
  }
  for (const actor of ["viewer", "stranger"] as const) {
    assert.equal((await call(actor, "GET", path)).status, 403, actor);
  }
  assert.equal((await call("owner", "GET", "/v1/settings/api-keys/999999/usage")).status, 404);
  await call("user", "DELETE", `/v1/settings/api-keys/${made.id}`);
});

Deno.test("a name alone gives the maker's rights without keys and team, for 90 days", async () => {
  const { body } = await call("owner", "POST", "/v1/settings/api-keys", { name: "CI/CD Pipeline" });
  assert.equal(body.name, "CI/CD Pipeline");
  assert.deepEqual(body.scopes, [
    "resources:read",
    "resources:write",
    "drifts:read",
    "drifts:write",
    "team:read",
    "audit:read",
  ]);
  assert.equal(Math.round((Date.parse(body.expires_at) - Date.parse(body.created_at)) / 86_400_000), 90);
});

for (const maker of ["admin", "owner"] as const) {
  Deno.test(`a user neither sees nor revokes a key of the ${maker}`, async () => {
    const made = await call(maker, "POST", "/v1/settings/api-keys", { name: "not yours" });
    const { body: listed } = await call("user", "GET", "/v1/settings/api-keys");
    assert.ok(listed.every((key: { created_by: { id: number } }) => key.created_by.id === 1));
    for (const method of ["GET", "DELETE"]) {
      assert.equal((await call("user", method, `/v1/settings/api-keys/${made.body.id}`)).status, 403);
    }
    assert.equal((await callWith(made.body.key, "GET", "/v1/auth/whoami")).status, 200);
  });
}

Deno.test("an admin sees and revokes everybody's keys of the organization, a stranger none", async () => {
  const made = await call("user", "POST", "/v1/settings/api-keys", { name: "a user's" });
  const path = `/v1/settings/api-keys/${made.body.id}`;
  assert.equal((await call("stranger", "GET", path)).status, 403);
  assert.equal((await call("stranger", "DELETE", path)).status, 403);
  assert.equal((await call("admin", "GET", path)).body.name, "a user's");
  assert.equal((await call("admin", "DELETE", path)).status, 204);
  assert.equal((await callWith(made.body.key, "GET", "/v1/auth/whoami")).status, 401);
});

Deno.test("a key that isn't there is 404", async () => {
  assert.equal((await call("owner", "GET", "/v1/settings/api-keys/999999")).status, 404);
  assert.equal((await call("owner", "DELETE", "/v1/settings/api-keys/999999")).status, 404);
});

const TOO_STRONG: [string, Actor, Record<string, unknown>, unknown][] = [
  ["a scope beyond the maker's role", "user", { scopes: ["team:write"] }, { required: "team:write" }],
  ["audit for a user", "user", { scopes: ["resources:read", "audit:read"] }, { required: "audit:read" }],
  ["a scope beyond the making key's", "key:api_keys:write", { scopes: ["resources:read"] }, {
    required: "resources:read",
  }],
  ["no end for anybody but an owner", "admin", { expires_in_days: null }, "expires_in_days"],
  [
    "no end for a key's key",
    "key:api_keys:write",
    { scopes: ["api_keys:write"], expires_in_days: null },
    "expires_in_days",
  ],
  [
    "a longer life than its maker",
    "key:api_keys:write",
    { scopes: ["api_keys:write"], expires_in_days: 91 },
    "expires_in_days",
  ],
];

for (const [name, actor, wish, details] of TOO_STRONG) {
  Deno.test(`${name} is refused and nothing is made`, async () => {
    const before = await keys();
    const answer = await call(actor, "POST", "/v1/settings/api-keys", { name: "strong", ...wish });
    assert.deepEqual([answer.status, answer.body.details], [403, details]);
    assert.deepEqual(await keys(), before);
  });
}

Deno.test("an owner may make a key without an end", async () => {
  const answer = await call("owner", "POST", "/v1/settings/api-keys", {
    name: "for ever",
    expires_in_days: null,
  });
  assert.deepEqual([answer.status, answer.body.expires_at], [201, null]);
});

const INVALID: Record<string, unknown>[] = [
  {},
  { name: "" },
  { name: "x".repeat(101) },
  { name: "x", scopes: [] },
  { name: "x", scopes: ["everything"] },
  { name: "x", scopes: ["resources:read", "resources:read"] },
  { name: "x", expires_in_days: 0 },
  { name: "x", expires_in_days: 367 },
  { name: "x", expires_in_days: 1.5 },
  { name: "x", allowed_ips: ["300.1.1.1"] },
  { name: "x", allowed_ips: ["10.0.0.0/33"] },
  { name: "x", key: "ia_live_mine" },
];

for (const body of INVALID) {
  Deno.test(`${JSON.stringify(body).slice(0, 60)} is 400`, async () => {
    const answer = await call("owner", "POST", "/v1/settings/api-keys", body);
    assert.deepEqual([answer.status, answer.body.code], [400, "VALIDATION_FAILED"]);
  });
}

Deno.test("a key loses what its maker's role loses, at once, and gains nothing back by itself", async () => {
  const { body } = await call("user", "POST", "/v1/settings/api-keys", {
    name: "follows",
    scopes: ["resources:write"],
  });
  const write = () => callWith(body.key, "PATCH", "/v1/resources/1", { name: "demo-logs" });
  assert.equal((await write()).status, 200);
  const setRole = (role: string) =>
    stack.database.query("update public.memberships set role = $1::public.member_role where profile_id = 1", [
      role,
    ]);
  await setRole("viewer");
  assert.equal((await write()).status, 403);
  await setRole("user");
  assert.equal((await write()).status, 200);
});

Deno.test("the database holds no key, only hashes", async () => {
  const key = (await credential("key:resources:read"))!;
  const dump = JSON.stringify([
    await stack.database.query("select * from public.api_keys"),
    await stack.database.query("select encode(hash, 'escape') as hash from private.api_key_hashes"),
    await stack.database.query("select details from public.audit_events"),
  ]);
  assert.ok(!dump.includes(key.slice(19)));
});

/** Guarantee: with the same token straight at the Data API, the same rows are read, and evidence can't be written. */
import assert from "node:assert/strict";
import { createClient } from "@supabase/supabase-js";
import { gatherCast, PEOPLE } from "./cast.ts";

const { supabase, signIn, callWith, stack } = await gatherCast();

/** Everything that an audit rests on. */
const evidence = async () => [
  await stack.database.query("select * from public.resources order by id"),
  await stack.database.query("select * from public.baselines order by id"),
  await stack.database.query("select * from public.drifts order by id"),
  await stack.database.query("select * from public.drift_events order by organization_id, id"),
];

const ROW = { external_id: "forged", name: "n", resource_type: "t", provider: "p" };
const SNAPSHOT = { ...ROW, fingerprint: null, resource_id: null, baseline_id: null, revision: null };
const DRIFT = {
  ...{ external_id: "forged", resource_id: 1, field_path: "x", drift_type: "security", severity: "critical" },
  ...{ summary: "invented", reason: "invented", rule: "invented", baseline_value: 1, current_value: 2 },
};
type Client = Awaited<ReturnType<typeof supabase>>;
type Attempt = (client: Client) => PromiseLike<{ status: number; error: { code: string } | null }>;
/** Every call that writes what is known of resources, and every table that keeps it. */
const FORGERIES: [string, Attempt][] = [
  ["plan an import", (c) => c.rpc("plan_import", { p_snapshots: [SNAPSHOT] })],
  ["import", (c) => c.rpc("apply_import", { p_snapshots: [SNAPSHOT], p_found: [DRIFT], p_options: {} })],
  ["plan a detection", (c) => c.rpc("plan_detection")],
  ["detect", (c) => c.rpc("apply_detection", { p_checks: [], p_found: [DRIFT] })],
  ["promote a baseline", (c) => c.rpc("promote_baseline", { p_resource_id: 1 })],
  ["delete a baseline", (c) => c.rpc("delete_baseline", { p_id: 1 })],
  ["move a drift", (c) => c.rpc("update_drift", { p_id: 1, p_status: "investigating" })],
  ["resolve a drift", (c) => c.rpc("resolve_drift", { p_id: 1 })],
  ["rename a resource", (c) => c.rpc("update_resource", { p_id: 1, p_changes: { name: "forged" } })],
  ["remove a resource", (c) => c.rpc("delete_resource", { p_id: 1 })],
  ["insert a resource", (c) => c.from("resources").insert(ROW)],
  ["change a configuration", (c) => c.from("resources").update({ configuration: {} }).eq("id", 1)],
  ["delete a resource", (c) => c.from("resources").delete().eq("id", 1)],
  ["write a baseline", (c) => c.from("baselines").update({ is_current: false }).eq("id", 1)],
  ["insert a drift", (c) => c.from("drifts").insert({ ...DRIFT, external_id: undefined })],
  ["delete a drift", (c) => c.from("drifts").delete().eq("id", 1)],
  [
    "insert an event",
    (c) => c.from("drift_events").insert({ organization_id: 1, id: 999, type: "x", data: {} }),
  ],
];

for (const person of PEOPLE) {
  Deno.test(`${person} reads their organization's resources and no others`, async () => {
    const client = await supabase(person);
    const { data } = await client.from("resources").select("name").order("id");
    assert.deepEqual(
      data?.map((row) => row.name),
      person === "stranger" ? ["elsewhere-data"] : ["demo-logs", "web-1", "orders", "web"],
    );
  });

  Deno.test(`${person} writes no evidence: it comes through the API`, async () => {
    const client = await supabase(person);
    const before = await evidence();
    for (const [name, act] of FORGERIES) {
      const { error, status } = await act(client);
      // What a policy hides is no error, only no change: from a delete, and from those who may not write at all.
      if (error) assert.deepEqual([status, error.code], [403, "42501"], name);
      else assert.ok(name === "delete a resource" || ["viewer", "stranger"].includes(person), name);
    }
    assert.deepEqual(await evidence(), before);
  });
}

Deno.test("nobody writes into another organization", async () => {
  const client = await supabase("stranger");
  const before = await stack.database.query("select * from public.resources order by id");
  const changed = await client.from("resources").update({ name: "taken" }).eq("id", 1).select();
  assert.deepEqual(changed.data, []);
  const removed = await client.from("resources").delete().eq("id", 1).select();
  assert.deepEqual(removed.data, []);
  const moved = await client.from("resources").insert({
    organization_id: 1,
    external_id: "x",
    name: "n",
    resource_type: "t",
    provider: "p",
  });
  assert.equal(moved.error?.code, "42501");
  assert.deepEqual(await stack.database.query("select * from public.resources order by id"), before);
});

const FORBIDDEN_WRITES: [
  string,
  (client: Awaited<ReturnType<typeof supabase>>) => PromiseLike<{ error: { code: string } | null }>,
][] = [
  [
    "raise their own role",
    (client) => client.from("memberships").update({ role: "owner" }).eq("profile_id", 1),
  ],
  [
    "join another organization",
    (client) => client.from("memberships").insert({ organization_id: 5, profile_id: 1, role: "owner" }),
  ],
  [
    "rename their email",
    (client) => client.from("profiles").update({ email: "root@example.com" }).eq("id", 1),
  ],
  ["write an audit event", (client) => client.from("audit_events").insert({ action: "forged" })],
  [
    "ask admission about others",
    (client) => client.rpc("admit_session", { p_user_id: crypto.randomUUID(), p_issued_at: "now" }),
  ],
  [
    "end another person's tokens",
    (client) => client.rpc("end_sessionless_tokens", { p_user_id: crypto.randomUUID() }),
  ],
];

const whatMatters = async () => [
  await stack.database.query("select * from public.memberships order by organization_id, profile_id"),
  await stack.database.query("select * from public.profiles order by id"),
  await stack.database.query("select * from public.audit_events order by id"),
  await stack.database.query("select * from private.token_cutoffs order by user_id"),
];

for (const [name, act] of FORBIDDEN_WRITES) {
  Deno.test(`nobody can ${name}`, async () => {
    const client = await supabase("user");
    const before = await whatMatters();
    const { error } = await act(client);
    // A row that a policy hides is no error, only no change.
    if (error) assert.equal(error.code, "42501");
    assert.deepEqual(await whatMatters(), before);
  });
}

for (const table of ["organizations", "profiles", "memberships", "api_keys", "resources", "audit_events"]) {
  Deno.test(`without a person there is nothing to see in ${table}`, async () => {
    const anonymous = createClient(stack.url, stack.publishableKey, { auth: { persistSession: false } });
    const { data, error } = await anonymous.from(table).select("*");
    assert.equal(data, null);
    assert.equal(error?.code, "42501");
  });
}

Deno.test("the schema private is out of reach", async () => {
  const client = await supabase("owner");
  const { error } = await client.schema("private" as never).from("api_key_hashes").select("*");
  assert.equal(error?.code, "PGRST106");
});

Deno.test("a signed-out token sees nothing at the Data API either", async () => {
  const { token } = await signIn("user");
  const read = async () => {
    const response = await fetch(`${stack.url}/rest/v1/resources?select=id`, {
      headers: { apikey: stack.publishableKey, authorization: `Bearer ${token}` },
    });
    return await response.json();
  };
  assert.equal((await read()).length, 4);
  await callWith(token, "POST", "/api/logout");
  assert.deepEqual(await read(), []);
});

Deno.test("nobody makes a key stronger than themselves", async () => {
  const { token } = await signIn("user");
  const made = await callWith(token, "POST", "/v1/settings/api-keys", {
    name: "mine",
    scopes: ["resources:read"],
  });
  const client = await supabase("user");
  const changes = [{ scopes: ["team:write"] }, { expires_at: null }, { organization_id: 5 }, {
    created_by: 2,
  }];
  for (const change of changes) {
    const { error } = await client.from("api_keys").update(change).eq("id", made.body.id);
    assert.equal(error?.code, "42501", JSON.stringify(change));
  }
  const whoami = await callWith(made.body.key, "GET", "/v1/auth/whoami");
  assert.deepEqual(whoami.body.permissions, ["resources:read"]);
});

Deno.test("a revoked key can't be brought back", async () => {
  const { token } = await signIn("owner");
  const made = await callWith(token, "POST", "/v1/settings/api-keys", { name: "gone" });
  await callWith(token, "DELETE", `/v1/settings/api-keys/${made.body.id}`);
  const client = await supabase("owner");
  const { error } = await client.from("api_keys").update({ revoked_at: null }).eq("id", made.body.id);
  assert.notEqual(error, null);
  assert.equal((await callWith(made.body.key, "GET", "/v1/auth/whoami")).status, 401);
});

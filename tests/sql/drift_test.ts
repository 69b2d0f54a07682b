/** Guarantee: Postgres alone decides who reads and writes baselines, drifts and events, and judges every transition. */
import assert from "node:assert/strict";
import { PERMISSIONS } from "../../shared/contracts/permissions.ts";
import { PEOPLE } from "../http/cast.ts";
import { openBareDatabase, VOUCHED } from "./bare_database.ts";

const { query, as, asPerson, asKey } = await openBareDatabase();

const READERS = { baselines: "resources:read", drifts: "drifts:read", drift_events: "drifts:read" } as const;
const DEMO_ROWS = { baselines: 4, drifts: 3, drift_events: 3 };

/** Everything that drift keeps. */
const state = async () => ({
  resources: await query("select * from public.resources order by id"),
  baselines: await query("select * from public.baselines order by id"),
  drifts: await query("select * from public.drifts order by id"),
  events: await query("select * from public.drift_events order by organization_id, id"),
});

async function refused(work: Promise<unknown>, code: string): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.equal((error as { code?: string }).code, code, String(error));
    return true;
  });
}

for (const [table, permission] of Object.entries(READERS) as [keyof typeof READERS, string][]) {
  for (const person of PEOPLE) {
    Deno.test(`${person} reads ${table} of their organization alone`, async () => {
      const rows = await asPerson(
        person,
        (q) => q<{ organization_id: number }>(`select * from public.${table}`),
      );
      const own = person === "stranger" ? (table === "baselines" ? 1 : 0) : DEMO_ROWS[table];
      assert.equal(rows.length, own);
      assert.ok(new Set(rows.map(({ organization_id }) => organization_id)).size <= 1);
    });
  }

  Deno.test(`a key reads ${table} with ${permission} alone`, async () => {
    for (const scope of PERMISSIONS) {
      const rows = await asKey("owner", [scope], (q) => q(`select * from public.${table}`));
      assert.equal(rows.length, scope === permission ? DEMO_ROWS[table] : 0, scope);
    }
  });

  Deno.test(`nobody inserts into ${table} or deletes from it`, async () => {
    const before = await state();
    for (const role of ["anon", "authenticated", "service_role"] as const) {
      await refused(as(role, {}, (q) => q(`delete from public.${table}`)), "42501");
      await refused(as(role, {}, (q) => q(`insert into public.${table} default values`)), "42501");
    }
    await refused(asPerson("owner", (q) => q(`delete from public.${table}`)), "42501");
    assert.deepEqual(await state(), before);
  });
}

const CALLS: [statement: string, permissions: string[]][] = [
  ["select public.plan_import('[]')", ["resources:write"]],
  ["select public.apply_import('[]', '[]', '{}')", ["resources:write"]],
  ["select public.plan_detection()", ["resources:write", "drifts:write"]],
  ["select public.apply_detection('[]', '[]')", ["resources:write", "drifts:write"]],
  ["select public.promote_baseline(999)", ["resources:write"]],
  ["select public.delete_baseline(999)", ["resources:write"]],
  ["select public.resolve_drift(999)", ["drifts:write"]],
];
for (const [statement, permissions] of CALLS) {
  Deno.test(`${statement} takes ${permissions.join(" or ")}`, async () => {
    for (const scope of PERMISSIONS) {
      const call = asKey("owner", [scope], (q) => q(statement), VOUCHED);
      if (permissions.includes(scope)) await call;
      else await refused(call, "42501");
    }
    for (const role of ["anon", "service_role"] as const) {
      await refused(as(role, {}, (q) => q(statement)), "42501");
    }
    // Without the functions' word for the request: a key's reusable token, and one that vouches for nothing.
    await refused(asKey("owner", permissions, (q) => q(statement)), "42501");
    await refused(asKey("owner", permissions, (q) => q(statement), { request: {} }), "42501");
  });
}

Deno.test("events stay small, and so does a look at them", async () => {
  const before = await state();
  const insert = (organization: number, size: number, count: number) =>
    query(
      `insert into public.drift_events (organization_id, id, type, data)
       select $1, 1000 + n, 'scan_progress', jsonb_build_object('text', repeat('x', $2)) from generate_series(1, $3) n`,
      [organization, size, count],
    );
  await refused(insert(1, 16_384, 1), "23514");
  assert.deepEqual(await state(), before);
  await insert(1, 16_000, 100);
  const [owner] = await query<{ id: string }>(
    "select auth_user_id as id from public.profiles where email = 'owner@example.com'",
  );
  const subscribers = JSON.stringify([{ user_id: owner!.id, issued_at: 1 }]);
  const seen: number[] = [];
  let looks = 0;
  for (let after = 1000;; looks += 1) {
    const [row] = await as("service_role", {}, (q) =>
      q<{ look: { events: { id: number }[] } }>(
        "select public.follow_events(1, $1, $2, 200) as look",
        [subscribers, after],
      ));
    const { events } = row!.look;
    if (events.length === 0) break;
    assert.ok(JSON.stringify(events).length < 1_100_000);
    seen.push(...events.map(({ id }) => id));
    after = seen.at(-1)!;
  }
  assert.deepEqual(seen, Array.from({ length: 100 }, (_, index) => 1001 + index));
  assert.equal(looks, 2);
  await query("delete from public.drift_events where id > 1000");
});

Deno.test("only the service asks about other people's streams", async () => {
  const statement = "select public.follow_events(1, '[]')";
  await refused(asPerson("owner", (q) => q(statement)), "42501");
  await refused(as("anon", {}, (q) => q(statement)), "42501");
  await as("service_role", {}, (q) => q(statement));
});

Deno.test("events go to living principals of the organization that may read drifts, and to nobody else", async () => {
  const look = (organization: number, subscriber: Record<string, unknown>) =>
    as("service_role", {}, async (q) => {
      const [row] = await q<{ look: { dead: number[]; events: unknown[] } }>(
        "select public.follow_events($1, $2, 0) as look",
        [organization, JSON.stringify([subscriber])],
      );
      return [row!.look.dead.length, row!.look.events.length];
    });
  const [viewer] = await query<{ id: string }>(
    "select auth_user_id as id from public.profiles where email = 'viewer@example.com'",
  );
  const [session] = await query<{ id: string }>(
    "insert into auth.sessions (id, user_id) values (gen_random_uuid(), $1) returning id",
    [viewer!.id],
  );
  const subscriber = { user_id: viewer!.id, session_id: session!.id, issued_at: null, api_key_id: null };
  const events = await query("select from public.drift_events where organization_id = 1");
  assert.ok(events.length >= DEMO_ROWS.drift_events);
  assert.deepEqual(await look(1, subscriber), [0, events.length]);
  const [other] = await query<{ id: number }>("select id from public.organizations where name = 'Elsewhere'");
  assert.deepEqual(await look(other!.id, subscriber), [1, 0], "not a member there");
  await query("delete from auth.sessions where id = $1", [session!.id]);
  assert.deepEqual(await look(1, subscriber), [1, 0], "signed out");
});

Deno.test("a person moves a drift along through the API, and can write nothing but its status", async () => {
  const before = await state();
  await refused(
    asPerson("user", (q) => q("update public.drifts set status = 'resolved' where id = 1"), VOUCHED),
    "PT422",
  );
  await refused(
    asPerson("user", (q) => q("update public.drifts set severity = 'low' where id = 1"), VOUCHED),
    "42501",
  );
  await refused(
    asPerson("user", (q) => q("update public.drifts set resolution = 'accepted' where id = 1"), VOUCHED),
    "42501",
  );
  const untouched = await asPerson(
    "viewer",
    (q) => q("update public.drifts set status = 'investigating' where id = 1 returning id"),
    VOUCHED,
  );
  assert.deepEqual(untouched, []);
  assert.deepEqual(
    await asPerson("stranger", (q) => q("select * from public.update_drift(1, 'investigating')"), VOUCHED),
    [],
  );
  assert.deepEqual(await state(), before);
});

Deno.test("an import whose plan no longer holds is refused whole", async () => {
  const before = await state();
  const snapshot = {
    external_id: "i-0a1b2c3d4e5f60718",
    name: "n",
    resource_type: "t",
    provider: "p",
    fingerprint: null,
  };
  for (
    const stale of [
      { resource_id: null, baseline_id: null, revision: null },
      { resource_id: 2, baseline_id: null, revision: null },
      { resource_id: 2, baseline_id: 2, revision: 99 },
    ]
  ) {
    const good = {
      external_id: "new",
      name: "n",
      resource_type: "t",
      provider: "p",
      fingerprint: null,
      resource_id: null,
      baseline_id: null,
      revision: null,
    };
    const rows = JSON.stringify([good, { ...snapshot, ...stale }]);
    const call = asPerson("user", (q) => q("select public.apply_import($1, '[]', '{}')", [rows]), VOUCHED);
    await refused(call, "40001");
  }
  assert.deepEqual(await state(), before);
});

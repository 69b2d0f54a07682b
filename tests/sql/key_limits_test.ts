/** Guarantee: a key never passes on more than it may do itself, ends with its maker's membership, and leaves a trace. */
import assert from "node:assert/strict";
import { openBareDatabase, VOUCHED } from "./bare_database.ts";

const { query, as, asPerson, asKey } = await openBareDatabase();

const LIMITED = { scopes: ["api_keys:write", "resources:read"], allowed_ips: "{10.0.0.0/8}", rate_limit: 10 };
const [owner] = await query<{ id: number; sub: string; organization_id: number }>(
  "select id, auth_user_id as sub, organization_id from public.profiles where email = 'owner@example.com'",
);

/** A key of the owner, made past every guard. */
async function key(limits: { scopes: string[]; allowed_ips?: string; rate_limit?: number }): Promise<number> {
  const [row] = await query<{ id: number }>(
    `insert into public.api_keys (organization_id, created_by, name, prefix, scopes, allowed_ips, rate_limit)
     values ($1, $2, 'k', $3, $4::text[], $5::inet[], $6) returning id`,
    [
      owner!.organization_id,
      owner!.id,
      `ia_live_${crypto.randomUUID().replaceAll("-", "").slice(0, 10)}`,
      `{${limits.scopes}}`,
      limits.allowed_ips ?? null,
      limits.rate_limit ?? null,
    ],
  );
  return row!.id;
}

const keys = () =>
  query(
    "select id, name, scopes, allowed_ips, rate_limit, expires_at, revoked_at from public.api_keys order by id",
  );
const actions = async () =>
  (await query<{ action: string }>("select action from public.audit_events order by id")).map((row) =>
    row.action
  );

Deno.test("a limited key passes its limits on, and can't loosen any: not by making, changing or rotating", async () => {
  const limited = await key(LIMITED);
  const sibling = await key({ scopes: ["resources:read"] });
  const actFrom = (address: object, sql: string) =>
    as("authenticated", { sub: owner!.sub, api_key_id: limited, ...address }, (q) => q(sql));
  const act = (sql: string) => actFrom({ address: "10.1.2.3" }, sql);
  const make = (more: string) =>
    `select allowed_ips::text, rate_limit from public.create_api_key('n', 'ia_live_${
      crypto.randomUUID().replaceAll("-", "").slice(0, 10)
    }', '{}', '{resources:read}'${more})`;
  assert.deepEqual(await act(make("")), [{ allowed_ips: "{10.0.0.0/8}", rate_limit: 10 }]);
  // From elsewhere, or from an address nobody vouches for, the key is none, whatever it asks for.
  assert.deepEqual(
    await actFrom(
      { request: { address: "10.1.2.3" } },
      "select private.has_permission('resources:read') as may",
    ),
    [{ may: true }],
  );
  for (const address of [{ address: "11.1.2.3" }, { request: { address: "11.1.2.3" } }, {}]) {
    await assert.rejects(actFrom(address, make("")), { code: "42501" });
    assert.deepEqual(await actFrom(address, "select id from public.resources"), []);
  }
  const before = await keys();
  for (
    const wider of [
      make(", p_allowed_ips => '{0.0.0.0/0}'"),
      make(", p_rate_limit => 11"),
      `select * from public.update_api_key(${limited}, '{"allowed_ips": null}')`,
      `select * from public.update_api_key(${limited}, '{"rate_limit": null}')`,
      `select * from public.update_api_key(${sibling}, '{"name": "mine"}')`,
      `select * from public.rotate_api_key(${sibling}, 'ia_live_rotated000', '{}', 0)`,
    ]
  ) {
    await assert.rejects(act(wider), { code: "PT403" }, wider);
  }
  assert.deepEqual(await keys(), before);
});

Deno.test("revoking changes nothing else of a key", async () => {
  const id = await key(LIMITED);
  await asPerson(
    "owner",
    (q) =>
      q("update public.api_keys set revoked_at = now(), name = 'x', scopes = '{team:write}' where id = $1", [
        id,
      ]),
  );
  const [row] = await query(
    "select name, scopes, revoked_at is null as lives from public.api_keys where id = $1",
    [id],
  );
  assert.deepEqual(row, { name: "k", scopes: LIMITED.scopes, lives: false });
});

Deno.test("accepting drifts as the baseline takes drifts:write where some are open, and is told", async () => {
  const promote = (scopes: string[]) =>
    asKey("owner", scopes, (q) => q("select * from public.promote_baseline(1)"), VOUCHED);
  await assert.rejects(promote(["resources:write"]), { code: "42501", hint: "drifts:write" });
  assert.ok(!(await actions()).includes("drift.accepted"));
  await promote(["resources:write", "drifts:write"]);
  assert.equal((await actions()).at(-1), "drift.accepted");
  await promote(["resources:write"]);
});

Deno.test("deleting a resource is told", async () => {
  await asPerson("owner", (q) => q("select public.delete_resource(2)"), VOUCHED);
  assert.equal((await actions()).at(-1), "resource.deleted");
});

Deno.test("a banned owner keeps no organization, and leaving one ends the keys there for good", async () => {
  await query(
    "update public.memberships set role = 'owner' where profile_id = (select id from public.profiles where email = 'admin@example.com')",
  );
  await query(
    "update auth.users set banned_until = now() + interval '1 day' where email = 'admin@example.com'",
  );
  const id = await key(LIMITED);
  const leave = () => asPerson("owner", (q) => q("select public.remove_member($1)", [owner!.id]));
  await assert.rejects(leave(), { code: "PT422" });
  await query("update auth.users set banned_until = null");
  await leave();
  await query("insert into public.memberships (organization_id, profile_id, role) values ($1, $2, 'owner')", [
    owner!.organization_id,
    owner!.id,
  ]);
  const [row] = await query("select (private.resolve_api_key($1)).fault", [id]);
  assert.deepEqual(row, { fault: "api_key_revoked" });
});

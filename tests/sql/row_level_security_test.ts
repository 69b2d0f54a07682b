/** Guarantee: Postgres alone, without any of our code before it, gives each principal exactly its rows and rights. */
import assert from "node:assert/strict";
import { PERMISSIONS } from "../../shared/contracts/permissions.ts";
import { PEOPLE, type Person } from "../http/cast.ts";
import { openBareDatabase, VOUCHED } from "./bare_database.ts";

const { query, as, asPerson, asKey } = await openBareDatabase();
const DEMO = ["demo-logs", "web-1", "orders", "web"];

/** An import of one new resource, as the functions send it. */
const IMPORT = `select public.apply_import('[{
  "external_id": "x", "name": "n", "resource_type": "t", "provider": "p", "fingerprint": null,
  "resource_id": null, "baseline_id": null, "revision": null
}]', '[]', '{}') -> 'resource' -> 'id' as id`;

Deno.test("a write that came through the API names its request to the server; none else does", async () => {
  const begun = (claims: Record<string, unknown>) =>
    asPerson("user", async (q) => {
      await q("select private.begin_write()");
      return (await q<{ name: string }>("select current_setting('application_name') as name"))[0]!.name;
    }, claims);
  assert.equal(await begun(VOUCHED), "infraaudit test");
  assert.doesNotMatch(await begun({}), /infraaudit/);
});

for (const person of PEOPLE) {
  Deno.test(`${person} reads their organization's resources and no others`, async () => {
    const rows = await asPerson(
      person,
      (q) => q<{ name: string }>("select name from public.resources order by id"),
    );
    assert.deepEqual(rows.map((row) => row.name), person === "stranger" ? ["elsewhere-data"] : DEMO);
  });

  Deno.test(`${person} ${person === "viewer" ? "can't" : "can"} write resources`, async () => {
    const write = () =>
      asPerson(person, async (q) => {
        const [made] = await q<{ id: number }>(IMPORT);
        assert.equal((await q("select public.delete_resource($1) as done", [made!.id]))[0]!.done, true);
      }, VOUCHED);
    if (person === "viewer") await refused(write());
    else await write();
    assert.equal((await query("select from public.resources where external_id = 'x'")).length, 0);
  });

  Deno.test(`${person} can't touch another organization's resource`, async () => {
    const id = person === "stranger" ? 1 : 5;
    const before = await query("select * from public.resources order by id");
    const changed = await asPerson(person, async (q) => [
      ...await q("update public.resources set name = 'taken' where id = $1 returning id", [id]),
      ...await q("delete from public.resources where id = $1 returning id", [id]),
      ...await q('select * from public.update_resource($1, \'{"name": "taken"}\')', [id]),
    ], VOUCHED);
    assert.deepEqual(changed, []);
    const removal = asPerson(
      person,
      (q) => q<{ done: boolean }>("select public.delete_resource($1) as done", [id]),
      VOUCHED,
    );
    if (person === "viewer") await refused(removal);
    else assert.equal((await removal)[0]!.done, false);
    assert.deepEqual(await query("select * from public.resources order by id"), before);
  });
}

for (const permission of PERMISSIONS) {
  Deno.test(`a key with ${permission} alone reads resources only if that is it`, async () => {
    const rows = await asKey("owner", [permission], (q) => q("select from public.resources"));
    assert.equal(rows.length, permission === "resources:read" ? 4 : 0);
  });

  Deno.test(`a key with ${permission} alone writes resources only if that is it`, async () => {
    const write = () =>
      asKey("owner", [permission], async (q) => {
        const [made] = await q<{ id: number }>(IMPORT);
        assert.equal((await q("select public.delete_resource($1) as done", [made!.id]))[0]!.done, true);
      }, VOUCHED);
    if (permission === "resources:write") await write();
    else await refused(write());
  });
}

Deno.test("scopes never add to the creator's role", async () => {
  await refused(asKey("viewer", ["resources:read", "resources:write"], (q) => q(IMPORT), VOUCHED));
});

const DEAD: [string, string][] = [
  ["without a session's row", "delete from auth.sessions"],
  ["with a session past its end", "update auth.sessions set not_after = now()"],
  [
    "of somebody banned",
    "update auth.users set banned_until = now() + interval '1 minute' where email = 'owner@example.com'",
  ],
  ["of somebody deleted", "update auth.users set deleted_at = now() where email = 'owner@example.com'"],
  ["of an anonymous visitor", "update auth.users set is_anonymous = true where email = 'owner@example.com'"],
];

for (const [name, kill] of DEAD) {
  Deno.test(`a token ${name} sees and does nothing`, async () => {
    const [owner] = await query<{ id: string }>(
      "select id from auth.users where email = 'owner@example.com'",
    );
    const sessionId = crypto.randomUUID();
    await query("insert into auth.sessions (id, user_id) values ($1, $2)", [sessionId, owner!.id]);
    const claims = { sub: owner!.id, session_id: sessionId, iat: 0 };
    const read = () => as("authenticated", claims, (q) => q("select from public.resources"));
    assert.equal((await read()).length, 4);
    await query(kill);
    assert.equal((await read()).length, 0);
    await refused(as("authenticated", { ...claims, ...VOUCHED }, (q) => q(IMPORT)));
    await query("update auth.users set banned_until = null, deleted_at = null, is_anonymous = false");
  });
}

Deno.test("claims without a person are nobody", async () => {
  for (const claims of [{}, { sub: crypto.randomUUID(), iat: 0 }, { sub: null, session_id: null }]) {
    assert.deepEqual(await as("authenticated", claims, (q) => q("select from public.resources")), []);
  }
});

Deno.test("a live session's token sees nothing when it is an anonymous visitor's, or ended before it began", async () => {
  const [owner] = await query<{ id: string }>("select id from auth.users where email = 'owner@example.com'");
  const sessionId = crypto.randomUUID();
  await query("insert into auth.sessions (id, user_id) values ($1, $2)", [sessionId, owner!.id]);
  const claims = { sub: owner!.id, session_id: sessionId, iat: 100, exp: 101 };
  const seen = async (changed: object) =>
    (await as("authenticated", { ...claims, ...changed }, (q) => q("select from public.resources"))).length;
  assert.equal(await seen({}), 4);
  for (const changed of [{ is_anonymous: true }, { exp: 100 }, { exp: 99.5 }]) {
    assert.equal(await seen(changed), 0, JSON.stringify(changed));
  }
});

Deno.test("an anonymous visitor owns nothing until becoming somebody, and then once", async () => {
  const id = crypto.randomUUID();
  const profiles = () => query("select from public.profiles where auth_user_id = $1", [id]);
  await query("insert into auth.users (id, is_anonymous) values ($1, true)", [id]);
  assert.equal((await profiles()).length, 0);
  await query("update auth.users set is_anonymous = false, email = 'somebody@example.com' where id = $1", [
    id,
  ]);
  await query("update auth.users set is_anonymous = false where id = $1", [id]);
  assert.equal((await profiles()).length, 1);
  await query("delete from auth.users where id = $1", [id]);
});

for (const role of ["anon", "service_role"] as const) {
  Deno.test(`${role} reads no table`, async () => {
    for (
      const table of ["organizations", "profiles", "memberships", "api_keys", "resources", "audit_events"]
    ) {
      await refused(as(role, {}, (q) => q(`select from public.${table}`)));
    }
  });
}

const REFUSALS: [Person, string, string | null, number | null, string | null][] = [
  ["viewer", "resources:write", "resources", 1, "resources:write"],
  ["viewer", "resources:read", "resources", 5, "resources:read"],
  ["viewer", "resources:read", "resources", 999999, null],
  ["viewer", "resources:read", null, null, null],
  ["user", "audit:read", null, null, "audit:read"],
  ["owner", "audit:read", null, null, null],
];

for (const [person, permission, relation, id, hint] of REFUSALS) {
  Deno.test(`${person} asking for ${permission} of ${relation} ${id} is ${hint ? "refused" : "not refused"}`, async () => {
    const ask = () =>
      asPerson(person, (q) => q("select public.explain_refusal($1, $2, $3)", [permission, relation, id]));
    if (hint === null) await ask();
    else await assert.rejects(ask, { code: "42501", hint });
  });
}

Deno.test("no refusal is told for what is none of the API's lists", async () => {
  for (const relation of ["audit_events", "organizations", "pg_authid", "resources; drop table x"]) {
    const ask = asPerson("owner", (q) => q("select public.explain_refusal('team:read', $1, 1)", [relation]));
    await assert.rejects(ask, { code: "22023" }, relation);
  }
});

Deno.test("called straight, too, a rotation has a grace from nothing to seven days", async () => {
  for (const grace of [-1, 604_801, null]) {
    const rotate = asPerson(
      "owner",
      (q) => q("select * from public.rotate_api_key(1, 'ia_live_0123456789', '{}', $1)", [grace]),
    );
    await assert.rejects(rotate, { code: "PT400" }, String(grace));
  }
});

Deno.test("signing up makes profile, organization and ownership, or nothing at all", async () => {
  const add = (email: string) =>
    query(
      'insert into auth.users (id, email, raw_user_meta_data) values (gen_random_uuid(), $1, \'{"organization_name": "  Fresh  "}\')',
      [email],
    );
  await add("fresh@example.com");
  const [made] = await query(
    `select p.email, o.name, m.role from public.profiles p
     join public.memberships m on m.profile_id = p.id
     join public.organizations o on o.id = m.organization_id and o.id = p.organization_id
     where p.email = 'fresh@example.com'`,
  );
  assert.deepEqual(made, { email: "fresh@example.com", name: "Fresh", role: "owner" });

  const before = await query("select count(*) from public.organizations");
  await query(
    "create function pg_temp.fail() returns trigger language plpgsql as $$ begin raise 'stop'; end $$",
  );
  await query(
    "create trigger stop before insert on public.memberships for each row execute function pg_temp.fail()",
  );
  await assert.rejects(add("halfway@example.com"), /stop/);
  await query("drop trigger stop on public.memberships");
  assert.deepEqual(await query("select count(*) from public.organizations"), before);
  assert.deepEqual(await query("select from auth.users where email = 'halfway@example.com'"), []);
});

Deno.test("a session is told the organizations it may switch to, a key none", async () => {
  await query(
    "insert into public.memberships select 1, id, 'viewer' from public.profiles where email = 'stranger@example.com'",
  );
  const names = (q: (sql: string) => Promise<Record<string, unknown>[]>) =>
    q("select name from public.my_organizations()");
  assert.deepEqual(await asPerson("stranger", names), [{ name: "Demo" }, { name: "Elsewhere" }]);
  assert.deepEqual(await asKey("stranger", [...PERMISSIONS], names), []);
  await query(
    "delete from public.memberships where organization_id = 1 and role = 'viewer' and profile_id = 5",
  );
});

Deno.test("a name from sign-up that is too long or empty does not stop anybody", async () => {
  for (const [index, name] of ["", "   ", "x".repeat(500), null].entries()) {
    await query("insert into auth.users (id, email, raw_user_meta_data) values (gen_random_uuid(), $1, $2)", [
      `name${index}@example.com`,
      JSON.stringify({ full_name: name, organization_name: name }),
    ]);
  }
});

// A statement that reads no column meets the write policies alone: no select policy hides what they would let through.
for (const [person, own] of [["viewer", []], ["stranger", ["elsewhere-data"]]] as const) {
  Deno.test(`${person} changing and deleting everything reaches only ${own.join() || "nothing"}`, async () => {
    const others = () =>
      query("select * from public.resources where name <> all ($1) order by id", [`{${own}}`]);
    const before = await others();
    await asPerson(person, (q) => q("update public.resources set status = 'stopped'"), VOUCHED);
    assert.deepEqual(await others(), before);
    await asPerson(person, (q) => q("delete from public.resources"), VOUCHED);
    assert.deepEqual(await others(), before);
  });
}

async function refused(work: Promise<unknown>): Promise<void> {
  await assert.rejects(work, { code: "42501" });
}

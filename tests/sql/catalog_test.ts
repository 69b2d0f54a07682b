/** Guarantee: every table is under row-level security, and every grant is one that somebody meant. */
import assert from "node:assert/strict";
import { PERMISSIONS, ROLE_PERMISSIONS, ROLES } from "../../shared/contracts/permissions.ts";
import { REFUSABLE_RELATIONS } from "../../shared/db/refusal.ts";
import { openBareDatabase } from "./bare_database.ts";

const { query } = await openBareDatabase();

Deno.test("every table of public has row-level security", async () => {
  const tables = await query<{ relname: string; relrowsecurity: boolean }>(
    `select relname, relrowsecurity from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by relname`,
  );
  assert.ok(tables.length >= 6);
  for (const table of tables) assert.ok(table.relrowsecurity, `${table.relname} is open`);
});

Deno.test("every view of public runs with its reader's rights", async () => {
  const views = await query<{ relname: string; reloptions: string[] | null }>(
    "select relname, reloptions from pg_class where relnamespace = 'public'::regnamespace and relkind = 'v'",
  );
  assert.ok(views.length >= 1);
  for (const view of views) assert.ok(view.reloptions?.includes("security_invoker=true"), view.relname);
});

Deno.test("anon and the public role can do nothing with tables, sequences and functions of ours", async () => {
  const granted = await query(
    `select table_schema, table_name, privilege_type, grantee from information_schema.table_privileges
     where table_schema in ('public', 'private') and grantee in ('anon', 'PUBLIC')
     union all
     select routine_schema, routine_name, privilege_type, grantee from information_schema.routine_privileges
     where routine_schema in ('public', 'private') and grantee in ('anon', 'PUBLIC')`,
  );
  assert.deepEqual(granted, []);
});

Deno.test("the service role reaches functions only: no table, past row-level security or not", async () => {
  const granted = await query(
    `select table_schema, table_name, privilege_type from information_schema.table_privileges
     where table_schema in ('public', 'private') and grantee = 'service_role'`,
  );
  assert.deepEqual(granted, []);
});

Deno.test("the private schema's tables are nobody's but their owner's", async () => {
  const granted = await query(
    `select table_name, grantee from information_schema.table_privileges
     where table_schema = 'private' and grantee in ('anon', 'authenticated', 'service_role')`,
  );
  assert.deepEqual(granted, []);
});

Deno.test("no table may be truncated, and no row of the audit log changed, by any API role", async () => {
  const granted = await query(
    `select table_name, privilege_type, grantee from information_schema.table_privileges
     where table_schema = 'public' and grantee in ('anon', 'authenticated', 'service_role')
       and (privilege_type in ('TRUNCATE', 'TRIGGER', 'REFERENCES')
         or (table_name = 'audit_events' and privilege_type <> 'SELECT'))`,
  );
  assert.deepEqual(granted, []);
});

Deno.test("every policy is for authenticated alone", async () => {
  const policies = await query<{ policyname: string; roles: string }>(
    "select policyname, roles::text as roles from pg_policies where schemaname = 'public'",
  );
  assert.ok(policies.length > 0);
  for (const policy of policies) assert.equal(policy.roles, "{authenticated}", policy.policyname);
});

/** Tables whose readers ask more than one question, with how many they may ask. */
const MORE_QUESTIONS: Record<string, number> = {
  // One's own keys, or all of them.
  api_keys: 3,
  trust_policies: 3,
  // Oneself, or one's colleagues.
  profiles: 2,
};

Deno.test("a reader's policies ask who is calling once a statement", async () => {
  const tables = await query<{ tablename: string; conditions: string }>(
    `select tablename, string_agg(qual, ' ') as conditions from pg_policies
     where schemaname = 'public' and cmd = 'SELECT' group by tablename order by tablename`,
  );
  assert.ok(tables.length >= 8);
  for (const { tablename, conditions } of tables) {
    const questions = conditions.match(/\bprivate\.\w+\(/g)?.length ?? 0;
    // Outside a subquery, Postgres would ask for every row.
    const asked = conditions.match(/SELECT private\.\w+\(/g)?.length ?? 0;
    assert.equal(asked, questions, `${tablename}: ${conditions}`);
    assert.ok(questions <= (MORE_QUESTIONS[tablename] ?? 1), `${tablename}: ${conditions}`);
  }
});

Deno.test("a definer's function never looks names up in the caller's search path", async () => {
  const loose = await query(
    `select p.oid::regprocedure::text as name from pg_proc p
     where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
       and (p.proconfig is null or not p.proconfig @> array['search_path=""'])`,
  );
  assert.deepEqual(loose, []);
});

Deno.test("roles can do in Postgres what the contract says, no more and no less", async () => {
  const [all] = await query<{ permissions: string[] }>("select private.all_permissions() as permissions");
  assert.deepEqual(all!.permissions, [...PERMISSIONS]);
  for (const role of ROLES) {
    const [row] = await query<{ permissions: string[] }>(
      "select private.role_permissions($1::public.member_role) as permissions",
      [role],
    );
    assert.deepEqual(row!.permissions, [...ROLE_PERMISSIONS[role]], role);
  }
});

Deno.test("Postgres can explain a refusal of every table that the functions ask about, and of no other", async () => {
  const tables = await query<{ name: string }>("select name from private.addressable_tables order by name");
  assert.deepEqual(tables.map(({ name }) => name), [...REFUSABLE_RELATIONS].sort());
  for (const relation of REFUSABLE_RELATIONS) {
    await query("select private.row_owner($1, 1)", [relation]);
  }
});

Deno.test("every foreign key of public has an index that begins with it", async () => {
  const bare = await query(
    `select c.conrelid::regclass::text as table_name, c.conname from pg_constraint c
     where c.contype = 'f' and c.connamespace = 'public'::regnamespace and not exists (
       select from pg_index i where i.indrelid = c.conrelid and i.indkey[0] = c.conkey[1]
     )`,
  );
  assert.deepEqual(bare, []);
});

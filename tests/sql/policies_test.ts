/** Guarantee: table by table, a principal reads and changes what its rights allow in its organization, and no row more. */
import assert from "node:assert/strict";
import { type Permission, PERMISSIONS } from "../../shared/contracts/permissions.ts";
import { openBareDatabase, type Query, VOUCHED } from "./bare_database.ts";
import { fillTables } from "./filled_tables.ts";
import { has, isAdministrator, managesWebhooks, type Principal, PRINCIPALS } from "./principals.ts";

const { query, asPerson, asKey } = await openBareDatabase();

/** One transaction as the principal, vouched for by the functions or straight at the Data API. */
function act<T>(
  { person, scopes }: Principal,
  work: (query: Query) => Promise<T>,
  isVouched = true,
): Promise<T> {
  const claims = isVouched ? VOUCHED : {};
  return scopes ? asKey(person, scopes, work, claims) : asPerson(person, work, claims);
}

await fillTables(query);

// Thousands of keys would make every check of them slow.
Deno.test.beforeEach(async () => void await query("delete from public.api_keys where name = 'test'"));

/** The rows of a table that a condition holds for, whoever may see them. `me` is the principal's profile. */
async function rowsOf(table: string, condition: string, { person }: Principal): Promise<string[]> {
  const rows = await query<{ row: string }>(
    `select t::text as row from public.${table} t cross join public.profiles me
     where me.email = $1 and (${condition}) order by 1`,
    [`${person}@example.com`],
  );
  return rows.map(({ row }) => row);
}

/** SQLSTATE 42501, as of a missing grant or a `with check`; a guard says PT403 in words of its own. */
const REFUSED = "42501";
/** The rule that an organization keeps an owner. */
const LAST_OWNER = "PT422";
const INSERTED = "one row more";
const OWN = "t.organization_id = me.organization_id";
const COLLEAGUES =
  "select m.profile_id from public.memberships m where m.organization_id = me.organization_id";
const OWN_KEYS = `${OWN} and t.created_by = me.id`;
const OWN_USES = `t.api_key_id in (select k.id from public.api_keys k where k.created_by = me.id)`;

type RowsOf = (principal: Principal, may: boolean) => string;
const own: RowsOf = (_, may) => may ? OWN : "false";

/**
 * Each table, and which of its rows a principal reads that has one of these permissions: the one for reading, and, while
 * one of the database's own functions writes for it, the one for writing.
 */
const READS: [table: string, read: Permission, write: Permission | undefined, rows: RowsOf][] = [
  ["memberships", "team:read", "team:write", own],
  ["invites", "team:read", "team:write", own],
  ["profiles", "team:read", "team:write", (_, may) => may ? `t.id in (${COLLEAGUES})` : "t.id = me.id"],
  [
    "api_keys",
    "api_keys:read",
    "api_keys:write",
    (who, may) => !may ? "false" : isAdministrator(who) ? OWN : OWN_KEYS,
  ],
  [
    "api_key_uses",
    "api_keys:read",
    "api_keys:write",
    (who, may) => !may ? "false" : isAdministrator(who) ? OWN : OWN_USES,
  ],
  [
    "trust_policies",
    "api_keys:read",
    "api_keys:write",
    (who, may) => !may ? "false" : isAdministrator(who) ? OWN : OWN_KEYS,
  ],
  ["audit_events", "audit:read", undefined, own],
  ["webhooks", "audit:read", undefined, own],
  ["webhook_deliveries", "audit:read", undefined, own],
  ["resources", "resources:read", "resources:write", own],
  ["baselines", "resources:read", undefined, own],
  ["drifts", "drifts:read", "drifts:write", own],
  ["drift_steps", "drifts:read", undefined, own],
  ["drift_events", "drifts:read", undefined, own],
  ["ignore_rules", "drifts:read", "drifts:write", own],
  ["organizations", "team:read", undefined, () => "t.id = me.organization_id"],
];

for (const [table, read, write, rows] of READS) {
  for (const isWriting of [false, true]) {
    Deno.test(`${table}: who reads which rows${isWriting ? " while writing" : ""}`, async () => {
      const counts: Record<string, number> = {};
      for (const principal of PRINCIPALS) {
        const seen = await act(principal, async (q) => {
          if (isWriting) await q("select set_config('infraaudit.writing', 'on', true)");
          return await q<{ row: string }>(`select t::text as row from public.${table} t order by 1`);
        });
        const may = has(principal, read) || (isWriting && write !== undefined && has(principal, write));
        const expected = await rowsOf(table, rows(principal, may), principal);
        assert.deepEqual(seen.map(({ row }) => row), expected, principal.name);
        counts[principal.name] = seen.length;
      }
      assert.ok(counts.owner! > 0 && counts.stranger! > 0, "both organizations have something to see");
    });
  }
}

Deno.test("no table that can be read is left out of this", async () => {
  const rows = await query<{ relname: string }>(
    `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
       and has_any_column_privilege('authenticated', oid, 'select') order by 1`,
  );
  assert.deepEqual(rows.map(({ relname }) => relname), READS.map(([table]) => table).sort());
});

const IDS = Object.fromEntries(
  (await query<{ name: string; id: number }>(
    "select name, id from public.organizations union all select email, id from public.profiles",
  )).map(({ name, id }) => [name, id]),
);

/** A key in an organization and in a person's name, whoever makes it. */
function makeKey(organization: string, email: string): string {
  const values = `${IDS[organization]}, ${IDS[email]}, 'n', 'ia_live_newkey0000', '{resources:read}', now()`;
  return `insert into public.api_keys (organization_id, created_by, name, prefix, scopes, expires_at) values (${values})`;
}

/**
 * Statements that read no column, which meet the policies for writing alone: no policy for reading hides what they
 * would let through. For each, the rows that a principal changes, or the SQLSTATE of its refusal.
 */
const WRITES: [table: string, statement: string, outcome: (principal: Principal) => string][] = [
  [
    "memberships",
    "update public.memberships set role = 'owner'",
    (who) => has(who, "team:write") ? `${OWN} and t.role <> 'owner'` : "false",
  ],
  [
    "memberships",
    "delete from public.memberships",
    (who) => has(who, "team:write") ? LAST_OWNER : who.scopes ? "false" : `${OWN} and t.profile_id = me.id`,
  ],
  [
    "profiles",
    "update public.profiles set full_name = 'changed'",
    (who) => who.scopes ? "false" : "t.id = me.id",
  ],
  [
    "organizations",
    "update public.organizations set name = 'changed'",
    (who) => has(who, "team:write") ? "t.id = me.organization_id" : "false",
  ],
  ["organizations", "update public.organizations set created_at = now()", () => REFUSED],
  ["organizations", "delete from public.organizations", () => REFUSED],
  [
    "invites",
    "insert into public.invites (email, role) values ('new@example.com', 'viewer')",
    inserts("team:write"),
  ],
  [
    "invites",
    "update public.invites set cancelled_at = now()",
    changes("team:write"),
  ],
  ["invites", "delete from public.invites", () => REFUSED],
  [
    "api_keys",
    makeKey("Demo", "owner@example.com"),
    (who) =>
      who.person === "owner" && has(who, "api_keys:write") && has(who, "resources:read") ? INSERTED : REFUSED,
  ],
  [
    "api_keys",
    makeKey("Elsewhere", "owner@example.com"),
    () => REFUSED,
  ],
  [
    "api_keys",
    "update public.api_keys set name = 'changed'",
    (who) => {
      if (!has(who, "api_keys:write")) return "false";
      // A key changes no key that can do more than itself: there are some for everything in Demo.
      const canDoAll = PERMISSIONS.every((permission) => has(who, permission));
      return who.scopes && !canDoAll ? REFUSED : isAdministrator(who) ? OWN : OWN_KEYS;
    },
  ],
  ["api_keys", "delete from public.api_keys", () => REFUSED],
  [
    "webhooks",
    `insert into public.webhooks (name, format, url, events)
     values ('new', 'standard', 'https://hooks.test/', '{key.leaked}')`,
    (who) => managesWebhooks(who) ? INSERTED : REFUSED,
  ],
  [
    "webhooks",
    "update public.webhooks set name = 'changed'",
    (who) => managesWebhooks(who) ? OWN : "false",
  ],
  ["webhooks", "update public.webhooks set organization_id = 1", () => REFUSED],
  ["webhooks", "delete from public.webhooks", (who) => managesWebhooks(who) ? OWN : "false"],
  ["webhook_deliveries", "update public.webhook_deliveries set status = 'delivered'", () => REFUSED],
  ["webhook_deliveries", "delete from public.webhook_deliveries", () => REFUSED],
  ["api_key_uses", "update public.api_key_uses set minutes = 9", () => REFUSED],
  ["api_key_uses", "delete from public.api_key_uses", () => REFUSED],
  ["audit_events", "update public.audit_events set action = 'changed'", () => REFUSED],
  ["audit_events", "delete from public.audit_events", () => REFUSED],
  [
    "resources",
    "insert into public.resources (external_id, name, resource_type, provider) values ('x', 'n', 't', 'p')",
    () => REFUSED,
  ],
  ["resources", "update public.resources set configuration = '{}'", () => REFUSED],
  [
    "resources",
    "update public.resources set status = 'stopped'",
    changes("resources:write"),
  ],
  ["resources", "delete from public.resources", changes("resources:write")],
  ["baselines", "update public.baselines set is_current = false", () => REFUSED],
  ["baselines", "delete from public.baselines", () => REFUSED],
  [
    "drifts",
    "update public.drifts set status = 'investigating'",
    changes("drifts:write"),
  ],
  ["drifts", "delete from public.drifts", () => REFUSED],
  ["drift_events", "delete from public.drift_events", () => REFUSED],
  [
    "ignore_rules",
    "insert into public.ignore_rules (field, reason) values ('y', 'r')",
    inserts("drifts:write"),
  ],
  ["ignore_rules", "update public.ignore_rules set reason = 'changed'", changes("drifts:write")],
  ["ignore_rules", "delete from public.ignore_rules", changes("drifts:write")],
];

function changes(permission: Permission) {
  return (who: Principal) => has(who, permission) ? OWN : "false";
}

function inserts(permission: Permission) {
  return (who: Principal) => has(who, permission) ? INSERTED : REFUSED;
}

/** Tables that are evidence: straight at the Data API, without the functions' word for it, no row of them changes. */
const EVIDENCE = ["resources", "baselines", "drifts", "drift_events", "audit_events"];

for (const [table, statement] of WRITES.filter(([table]) => EVIDENCE.includes(table))) {
  Deno.test(`${statement}: changes nothing straight at the Data API`, async () => {
    for (const principal of PRINCIPALS) {
      const { before, after, code } = await tried(principal, table, statement, false);
      // What a policy hides from a delete is no error, only no change.
      if (code === undefined) assert.deepEqual(after, before, principal.name);
      else assert.equal(code, REFUSED, principal.name);
    }
  });
}

for (const [table, statement, outcome] of WRITES) {
  Deno.test(`${statement}: who changes which rows`, async () => {
    for (const principal of PRINCIPALS) {
      const expected = outcome(principal);
      const { before, after, code } = await tried(principal, table, statement);
      const changed = before.filter((row) => !after.includes(row));
      if (expected === REFUSED || expected === LAST_OWNER) {
        assert.equal(code === "PT403" ? REFUSED : code, expected, principal.name);
        continue;
      }
      assert.equal(code, undefined, principal.name);
      if (expected === INSERTED) {
        assert.deepEqual([changed, after.length], [[], before.length + 1], principal.name);
        continue;
      }
      assert.deepEqual(changed, await rowsOf(table, expected, principal), principal.name);
    }
  });
}

/** What a statement does, undone again: the table's rows before and after it, or its SQLSTATE. */
async function tried(principal: Principal, table: string, statement: string, isVouched = true) {
  const all = async (q: Query) =>
    (await q<{ row: string }>(`select t::text as row from public.${table} t order by 1`)).map(({ row }) =>
      row
    );
  const seen: { before: string[]; after: string[]; code?: string } = { before: [], after: [] };
  const undone = new Error("undone");
  await act(principal, async (q) => {
    await q("reset role");
    seen.before = await all(q);
    await q("set local role authenticated");
    await q(statement);
    await q("reset role");
    seen.after = await all(q);
    throw undone;
  }, isVouched).catch((error) => {
    if (error !== undone) seen.code = error.code;
  });
  return seen;
}

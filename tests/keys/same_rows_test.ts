/** A session and a full-scope key of one person see the same rows of every table, whatever the data is. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { KeyTokenMint } from "../../shared/auth/key_token.ts";
import { PERMISSIONS, ROLE_PERMISSIONS, ROLES } from "../../shared/contracts/permissions.ts";
import { PEOPLE } from "../http/cast.ts";
import { makeKey, signIn, startedIsolate, startedStack } from "./api_calls.ts";

const RUNS = 8;

Deno.test("session and key see the same", async () => {
  await using stack = await startedStack();
  const call = await startedIsolate(stack);
  const mint = new KeyTokenMint({ signingJwk: { ...stack.signingKey }, issuer: stack.issuer });
  const tables = (await stack.database.query<{ name: string }>(
    `select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace
      and c.relkind in ('r', 'p', 'v') and has_table_privilege('authenticated', c.oid, 'select') order by 1`,
  )).map(({ name }) => name);
  assert.ok(tables.includes("resources") && tables.includes("api_keys") && tables.includes("audit_events"));

  const rows = async (table: string, token: string) => {
    const response = await fetch(`${stack.url}/rest/v1/${table}?select=*`, {
      headers: { apikey: stack.publishableKey, authorization: `Bearer ${token}` },
    });
    const body = await response.json();
    assert.equal(response.status, 200, `${table}: ${JSON.stringify(body)}`);
    return (body as unknown[]).map((row) => JSON.stringify(row)).sort();
  };

  const sessions = new Map<string, string>();
  for (const person of PEOPLE) sessions.set(person, await signIn(call, person));
  /** Full scope: every permission there is, the role decides the rest. */
  const keys = new Map<string, Promise<string>>();
  for (const person of PEOPLE) {
    const token = sessions.get(person)!;
    // Whoever may not make keys gets one from the operator: what counts here is what it sees.
    const [row] = await stack.database.query<{ id: number; user_id: string }>(
      `insert into public.api_keys (organization_id, created_by, name, prefix, scopes)
        select m.organization_id, p.id, 'full', 'ia_live_' || rpad(split_part(p.email, '@', 1), 10, '0'), private.all_permissions()
        from public.profiles p join public.memberships m on m.profile_id = p.id and m.organization_id = p.organization_id
        where p.email = $1 returning id, (select auth_user_id from public.profiles where id = created_by) as user_id`,
      [`${person}@example.com`],
    );
    assert.ok(token && row);
    keys.set(person, mint.tokenFor({ user_id: row.user_id, api_key_id: Number(row.id) }));
  }
  await makeKey(call, sessions.get("user")!);

  const change = fc.oneof(
    fc.record({
      kind: fc.constant("resource" as const),
      organization: fc.constantFrom("Demo", "Elsewhere"),
      name: fc.string({ minLength: 1, maxLength: 20, unit: "grapheme-ascii" }),
      tags: fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.stringMatching(/^[a-z]{0,8}$/)),
    }),
    fc.record({
      kind: fc.constant("role" as const),
      person: fc.constantFrom(...PEOPLE.filter((person) => person !== "owner")),
      role: fc.constantFrom(...ROLES),
    }),
    fc.record({
      kind: fc.constant("key" as const),
      person: fc.constantFrom(...PEOPLE),
      scopes: fc.uniqueArray(fc.constantFrom(...PERMISSIONS), { minLength: 1 }),
    }),
    fc.record({
      kind: fc.constant("second membership" as const),
      person: fc.constantFrom(...PEOPLE),
      role: fc.constantFrom(...ROLES),
    }),
  );
  let made = 0;
  const apply = async (step: typeof change extends fc.Arbitrary<infer Step> ? Step : never) => {
    made += 1;
    if (step.kind === "resource") {
      await stack.database.query(
        `insert into public.resources (organization_id, external_id, name, resource_type, provider, tags)
          select id, $1, $2, 'aws_instance', 'aws', $3::text::jsonb from public.organizations where name = $4`,
        [`random-${made}`, step.name, JSON.stringify(step.tags), step.organization],
      );
    } else if (step.kind === "role") {
      await stack.database.query(
        `update public.memberships m set role = $1::public.member_role from public.profiles p
          where p.id = m.profile_id and p.organization_id = m.organization_id and p.email = $2
            and exists (select from public.memberships o where o.organization_id = m.organization_id
              and o.role = 'owner' and o.profile_id <> m.profile_id)`,
        [step.role, `${step.person}@example.com`],
      );
    } else if (step.kind === "key") {
      await stack.database.query(
        `insert into public.api_keys (organization_id, created_by, name, prefix, scopes)
          select p.organization_id, p.id, 'random', 'ia_live_' || lpad($1, 10, '0'),
            array(select jsonb_array_elements_text($2::text::jsonb))
          from public.profiles p where p.email = $3`,
        [String(made), JSON.stringify(step.scopes), `${step.person}@example.com`],
      );
    } else {
      await stack.database.query(
        `insert into public.memberships (organization_id, profile_id, role)
          select o.id, p.id, $1::public.member_role from public.organizations o cross join public.profiles p
          where p.email = $2 and o.id <> p.organization_id on conflict do nothing`,
        [step.role, `${step.person}@example.com`],
      );
    }
  };

  let seen = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (steps) => {
      for (const step of steps) await apply(step);
      for (const person of PEOPLE) {
        for (const table of tables) {
          const [bySession, byKey] = [
            await rows(table, sessions.get(person)!),
            await rows(table, await keys.get(person)!),
          ];
          seen += bySession.length;
          assert.deepEqual(byKey, bySession, `${person} on ${table}`);
        }
      }
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
  assert.ok(seen > 100, "there was something to see");
  assert.ok(ROLE_PERMISSIONS.owner.length === PERMISSIONS.length);
});

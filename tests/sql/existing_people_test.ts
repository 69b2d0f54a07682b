/** Who signed up before the first migration has what signing up makes; visitors, the deleted and others are left. */
import assert from "node:assert/strict";
import { openBareDatabase } from "./bare_database.ts";

const BACKFILL = new URL(
  "../../supabase/migrations/20261101235900_welcome_existing_people.sql",
  import.meta.url,
);
const { query } = await openBareDatabase();

/** Email of each person, with what they have: name, organization's name, role. */
const people = () =>
  query<{ email: string }>(
    `select p.email, p.full_name, o.name as organization, m.role::text,
       p.organization_id = m.organization_id as acts_there
     from public.profiles p
     join public.memberships m on m.profile_id = p.id
     join public.organizations o on o.id = m.organization_id
     where p.email like '%@before.test' or p.email = '+41790000000'
     order by p.id`,
  );

Deno.test("people from before the trigger get profile, organization and membership, once", async () => {
  const seeded = await query("select id, email, organization_id from public.profiles order by id");
  await query("alter table auth.users disable trigger welcome_new_user");
  await query(
    `insert into auth.users (id, email, phone, raw_user_meta_data, is_anonymous, deleted_at, created_at) values
       (gen_random_uuid(), 'second@before.test', null, '{}', false, null, '2026-01-02'),
       (gen_random_uuid(), 'first@before.test', null,
        '{"full_name": " Ada ", "organization_name": "Engines"}', false, null, '2026-01-01'),
       (gen_random_uuid(), null, '+41790000000', '{"full_name": "Phone"}', false, null, '2026-01-03'),
       (gen_random_uuid(), null, null, '{}', true, null, '2026-01-04'),
       (gen_random_uuid(), 'gone@before.test', null, '{}', false, now(), '2026-01-05')`,
  );
  await query("alter table auth.users enable trigger welcome_new_user");
  assert.deepEqual(await people(), []);

  const backfill = await Deno.readTextFile(BACKFILL);
  await query(backfill);
  const expected = [
    ["first@before.test", "Ada", "Engines"],
    ["second@before.test", null, "second's organization"],
    ["+41790000000", "Phone", "Phone's organization"],
  ].map(([email, full_name, organization]) => ({
    email,
    full_name,
    organization,
    role: "owner",
    acts_there: true,
  }));
  assert.deepEqual(await people(), expected);
  // What memberships cause elsewhere is there too.
  const [{ count }] = await query<{ count: number }>(
    `select count(*)::int from public.audit_events e join public.organizations o on o.id = e.organization_id
     where e.action = 'team.member_joined' and e.details ->> 'email' = 'first@before.test'`,
  ) as [{ count: number }];
  assert.equal(count, 1);

  await query(backfill);
  assert.deepEqual(await people(), expected);
  const after = await query<{ id: number }>(
    "select id, email, organization_id from public.profiles where id <= $1 order by id",
    [(seeded.at(-1) as { id: number }).id],
  );
  assert.deepEqual(after, seeded);
});

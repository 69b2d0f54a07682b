/** Guarantee: living keys are capped for a person and an organization; rotation and pipelines aren't stopped by it. */
import assert from "node:assert/strict";
import { openBareDatabase, type Query, VOUCHED } from "./bare_database.ts";

const { query, as, asPerson } = await openBareDatabase();

const PERSON = "You already have 50 active API keys in this organization. Revoke one first.";
const ORGANIZATION = "Your organization already has 500 active API keys. Revoke one first.";

const [user] = await query<{ id: number; organization_id: number }>(
  "select id, organization_id from public.profiles where email = 'user@example.com'",
);
const prefix = () => `ia_live_${crypto.randomUUID().replaceAll("-", "").slice(0, 10)}`;
const make = () => `select id from public.create_api_key('one more', '${prefix()}', '{}')`;
const asUser = <Value>(work: (query: Query) => Promise<Value>) => asPerson("user", work, VOUCHED);
const living = async () =>
  (await query<{ count: number }>(
    "select count(*)::integer as count from public.api_keys where revoked_at is null",
  ))[0]!.count;

/** The operator's own hand, past the cap: the only way to have so many in a test's time. */
async function fill(count: number, maker: string, name = "filler"): Promise<void> {
  await query(
    `insert into public.api_keys (organization_id, created_by, name, prefix, scopes)
     select $1, p.id, $4, 'ia_live_' || right(md5($4 || p.id || n), 10), '{resources:read}'
     from generate_series(1, $2::integer) n cross join public.profiles p where p.email = $3`,
    [user!.organization_id, count, `${maker}@example.com`, name],
  );
}

Deno.test("a person has fifty living keys in an organization; what has ended makes room", async () => {
  await fill(49, "user");
  const [last] = await asUser((q) => q<{ id: number }>(make()));
  const before = await living();
  await assert.rejects(asUser((q) => q(make())), { code: "PT422", message: PERSON });
  assert.equal(await living(), before);
  await asPerson("owner", (q) => q(make()), VOUCHED);

  await asUser((q) => q("select public.revoke_api_key($1)", [last!.id]));
  await asUser((q) => q(make()));
  await assert.rejects(asUser((q) => q(make())), { code: "PT422" });
  await query(
    "update public.api_keys set expires_at = now() where id = (select max(id) from public.api_keys where created_by = $1)",
    [user!.id],
  );
  await asUser((q) => q(make()));
});

Deno.test("a row straight at the table meets the cap too", async () => {
  const insert = `insert into public.api_keys (organization_id, created_by, name, prefix, scopes, expires_at)
    values (${user!.organization_id}, ${
    user!.id
  }, 'x', '${prefix()}', '{resources:read}', now() + interval '1 day')`;
  await assert.rejects(asUser((q) => q(insert)), { code: "PT422", message: PERSON });
});

Deno.test("somebody at the cap rotates, and has no more room after it", async () => {
  const [old] = await query<{ id: number }>(
    "select id from public.api_keys where created_by = $1 and name = 'filler' limit 1",
    [user!.id],
  );
  const rotated = await asUser((q) =>
    q<{ replaces: number }>("select replaces from public.rotate_api_key($1, $2, '{}', 3600)", [
      old!.id,
      prefix(),
    ])
  );
  assert.deepEqual(rotated.map(({ replaces }) => Number(replaces)), [Number(old!.id)]);
  await assert.rejects(asUser((q) => q(make())), { code: "PT422", message: PERSON });
});

Deno.test("keys of pipelines neither count nor are counted", async () => {
  await query(
    `insert into public.trust_policies (
       organization_id, created_by, name, issuer, audience, conditions, scopes, max_seconds
     ) values ($1, $2, 'ci', 'https://issuer.test', 'infraaudit', '{"sub": "x"}', '{resources:read}', 60)`,
    [user!.organization_id, user!.id],
  );
  const exchange = () =>
    as("service_role", {}, (q) =>
      q<{ answer: { expires_in?: number } }>(
        `select public.exchange_id_token($1, 'https://issuer.test', '{infraaudit}', '{"sub": "x"}', $2,
           now() + interval '1 minute', $3, '{}') as answer`,
        [user!.organization_id, crypto.randomUUID().replaceAll("-", "").repeat(2), prefix()],
      ));
  const [row] = await exchange();
  assert.equal(row!.answer.expires_in, 60);
  await query("delete from public.api_keys where name = 'filler' and created_by = $1", [user!.id]);
  const [count] = await query<{ count: number }>(
    "select count(*)::integer as count from public.api_keys where created_by = $1 and private.api_key_fault(api_keys) is null and trust_policy_id is null",
    [user!.id],
  );
  await fill(49 - count!.count, "user", "again");
  await exchange();
  await asUser((q) => q(make()));
});

Deno.test("an organization has five hundred", async () => {
  const [count] = await query<{ count: number }>(
    `select count(*)::integer as count from public.api_keys
     where organization_id = $1 and private.api_key_fault(api_keys) is null and trust_policy_id is null`,
    [user!.organization_id],
  );
  await fill(499 - count!.count, "viewer");
  await asPerson("owner", (q) => q(make()), VOUCHED);
  await assert.rejects(asPerson("owner", (q) => q(make()), VOUCHED), {
    code: "PT422",
    message: ORGANIZATION,
  });
});

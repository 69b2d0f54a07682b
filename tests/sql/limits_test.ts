/** Guarantee: the limits that clients read are the ones Postgres keeps, each written once on either side. */
import assert from "node:assert/strict";
import { LIMITS } from "../../shared/contracts/limits.ts";
import { openBareDatabase } from "./bare_database.ts";

const { query } = await openBareDatabase();

Deno.test("Postgres knows the same limits as the contract, and no others", async () => {
  const names = await query<{ name: string }>(
    `select found[1] as name from regexp_matches(pg_get_functiondef('private.limit_of(text)'::regprocedure), 'when ''(\\w+)''', 'g') found`,
  );
  assert.deepEqual(names.map(({ name }) => name).toSorted(), Object.keys(LIMITS).toSorted());
  for (const [name, amount] of Object.entries(LIMITS)) {
    assert.deepEqual(await query("select private.limit_of($1) as amount", [name]), [{ amount }], name);
  }
});

Deno.test("an unknown limit raises: a wrong name never means no limit", async () => {
  await assert.rejects(
    query("select private.limit_of('api_key_weeks')"),
    /there is no limit "api_key_weeks"/,
  );
});

Deno.test("every limit is used in the database, and no migration asks for one that isn't there", async () => {
  const used = new Set<string>();
  for await (const file of Deno.readDir("supabase/migrations")) {
    const sql = await Deno.readTextFile(`supabase/migrations/${file.name}`);
    for (const [, name = ""] of sql.matchAll(/private\.(?:limit_of|lasting)\('(\w+)'\)/g)) used.add(name);
  }
  assert.deepEqual([...used].toSorted(), Object.keys(LIMITS).toSorted());
});

Deno.test("a limit in days, hours or seconds is an interval of that length", async () => {
  assert.deepEqual(
    await query(
      `select extract(epoch from private.lasting('invite_days'))::int as days,
         extract(epoch from private.lasting('idempotency_key_hours'))::int as hours,
         extract(epoch from private.lasting('ticket_seconds'))::int as seconds`,
    ),
    [{
      days: LIMITS.invite_days * 86_400,
      hours: LIMITS.idempotency_key_hours * 3600,
      seconds: LIMITS.ticket_seconds,
    }],
  );
});

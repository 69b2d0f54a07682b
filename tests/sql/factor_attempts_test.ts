/** Guarantee: asked by Supabase Auth's hook, Postgres takes an app's code once and looks at none after five refusals. */
import assert from "node:assert/strict";
import { openBareDatabase } from "./bare_database.ts";

const { query } = await openBareDatabase();
const people = await query<{ id: string }>(
  "insert into auth.users (id, email) values (gen_random_uuid(), 'a@example.com'), (gen_random_uuid(), 'b@example.com') returning id",
);
const [person, other] = people.map(({ id }) => id) as [string, string];
const [app, second] = [crypto.randomUUID(), crypto.randomUUID()];

const judge = async (valid: boolean, changes: Record<string, unknown> = {}) => {
  const event = { user_id: person, factor_id: app, factor_type: "totp", valid, ...changes };
  const [row] = await query<{ said: { decision?: string; error?: { http_code: number } } }>(
    "select private.judge_factor_attempt($1::jsonb) as said",
    [JSON.stringify(event)],
  );
  return row!.said.error?.http_code ?? row!.said.decision;
};
const afresh = () => query("delete from private.factor_attempts");
/** As if what is remembered had happened so many seconds earlier. */
const later = (seconds: number) =>
  query("update private.factor_attempts set attempted_at = attempted_at - make_interval(secs => $1)", [
    seconds,
  ]);

Deno.test("a right code is taken once, until the codes of that moment are over; another app's counts", async () => {
  await afresh();
  assert.deepEqual([await judge(true), await judge(true)], ["continue", 422]);
  assert.equal(await judge(true, { factor_id: second }), "continue");
  assert.equal(await judge(true, { user_id: other }), "continue");
  await later(61);
  assert.equal(await judge(true), "continue");
});

Deno.test("a code that was sent to a phone is Auth's own to use up", async () => {
  await afresh();
  const sent = { factor_type: "phone" };
  assert.deepEqual([await judge(true, sent), await judge(true, sent)], ["continue", "continue"]);
});

Deno.test("after five refusals in five minutes not even a right code is looked at; nobody else waits", async () => {
  await afresh();
  for (let times = 0; times < 5; times++) {
    assert.equal(await judge(false), "continue", "Auth says that it is wrong");
  }
  assert.deepEqual([await judge(true), await judge(true, { factor_id: second })], [429, 429]);
  assert.equal(await judge(true, { user_id: other, factor_id: second }), "continue");
  await later(301);
  assert.equal(await judge(true), "continue");
});

Deno.test("a code used again counts as a refusal, so that it tells a guesser nothing", async () => {
  await afresh();
  await judge(true);
  for (let times = 0; times < 5; times++) assert.equal(await judge(true), 422);
  assert.equal(await judge(true), 429);
});

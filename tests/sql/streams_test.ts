/** Guarantee: places for streams are counted exactly, and a written event wakes streams but never fails for it. */
import assert from "node:assert/strict";
import { openBareDatabase } from "./bare_database.ts";

const { query, as, asPerson } = await openBareDatabase();

const LIMIT = 3;
const ANNA = "00000000-0000-4000-8000-00000000000a";
const BERT = "00000000-0000-4000-8000-00000000000b";

/** Takes a place as the functions do. */
async function open(userId: string, apiKeyId: number | null = null, seconds = 60): Promise<string | null> {
  const [row] = await as(
    "service_role",
    {},
    (q) =>
      q<{ place: string | null }>("select public.open_stream($1, $2, $3, $4) as place", [
        userId,
        apiKeyId,
        LIMIT,
        seconds,
      ]),
  );
  return row!.place;
}

const close = (place: string) => as("service_role", {}, (q) => q("select public.close_stream($1)", [place]));

Deno.test("a principal has so many places and no more; one that is given back is free", async () => {
  const places = [await open(ANNA), await open(ANNA), await open(ANNA)];
  assert.ok(places.every(Boolean));
  assert.equal(new Set(places).size, LIMIT);
  assert.equal(await open(ANNA), null);
  assert.ok(await open(BERT), "another person's are their own");
  assert.ok(await open(ANNA, 1), "a key's are its own");
  assert.ok(await open(ANNA, 2));
  await close(places[1]!);
  await close(places[1]!);
  assert.ok(await open(ANNA));
  assert.equal(await open(ANNA), null);
});

Deno.test("a place whose stream must have ended is free, whoever held it", async () => {
  const person = "00000000-0000-4000-8000-00000000000c";
  for (let count = 0; count < LIMIT; count++) assert.ok(await open(person, null, 0));
  assert.ok(await open(person));
  const [left] = await query("select count(*)::int as count from private.open_streams where user_id = $1", [
    person,
  ]);
  assert.equal(left!.count, 1, "what has ended is swept away");
});

Deno.test("no caller takes or frees a place by themselves", async () => {
  const place = await open("00000000-0000-4000-8000-00000000000d");
  const calls = [
    "select public.open_stream(gen_random_uuid(), null, 10, 60)",
    `select public.close_stream('${place}')`,
  ];
  for (const call of calls) {
    await assert.rejects(asPerson("owner", (q) => q(call)), { code: "42501" });
    await assert.rejects(as("anon", {}, (q) => q(call)), { code: "42501" });
  }
  const [row] = await query("select count(*)::int as count from private.open_streams where id = $1", [place]);
  assert.equal(row!.count, 1);
});

const appended = () => query<{ organization_id: number }>("select organization_id from public.drift_events");
/** Writes one event into each of the first two organizations, in one transaction. */
const append = () =>
  query(`
    select private.append_events(id, jsonb_build_array(
      jsonb_build_object('type', 'scan_progress', 'data', '{}'::jsonb)
    )) from (select id from public.organizations order by id limit 2) o
  `);

Deno.test("without Realtime an event is written and nothing is missed", async () => {
  const before = (await appended()).length;
  await append();
  assert.equal((await appended()).length, before + 2);
});

Deno.test("with Realtime each organization's private topic is told that there is something, not what", async () => {
  await query("create schema realtime");
  await query("create table public.sent (payload jsonb, event text, topic text, private boolean)");
  await query(`
    create function realtime.send(payload jsonb, event text, topic text, private boolean default true)
    returns void language sql as 'insert into public.sent values ($1, $2, $3, $4)'
  `);
  await append();
  const organizations = await query("select id from public.organizations order by id limit 2");
  assert.deepEqual(
    await query("select * from public.sent order by topic"),
    organizations.map(({ id }) => ({
      payload: {},
      event: "written",
      topic: `drift-events:${id}`,
      private: true,
    })),
  );
});

Deno.test("a broadcast that fails takes nothing with it", async () => {
  await query("alter table public.sent add constraint refuses check (false) not valid");
  const before = (await appended()).length;
  await append();
  assert.equal((await appended()).length, before + 2);
});

/** Guarantee: a database that crashes, or a process that is killed, loses nothing, doubles nothing, and never says 401. */
import assert from "node:assert/strict";
import postgres from "postgres";
import { openStream } from "../http/stream_reader.ts";
import { postgresTest } from "../real_postgres.ts";
import { ask, buckets, type Server, signIn, startServers, until } from "./servers.ts";

const COUNT = 400;

postgresTest("faults of the database and of processes", async (t) => {
  await using servers = await startServers();
  const sql = postgres(servers.databaseUrl, { max: 3, onnotice: () => {} });
  const [one, two] = [await servers.start(), await servers.start()];
  let victim = await servers.start();
  try {
    const token = await signIn(one);
    const key = (await ask(one, token, "POST", "/v1/settings/api-keys", { name: "under load" })).body.key;

    await t.step(
      "the database crashes under load: 200 or 503, all that was told is there, soon as before",
      async () => {
        let isOver = false;
        const statuses: Record<string, number> = {};
        const told: string[] = [];
        const client = async (server: Server, credential: string, name: string) => {
          for (let round = 0; !isOver; round++) {
            const read = await ask(server, credential, "GET", "/v1/resources");
            const write = await ask(
              server,
              credential,
              "POST",
              "/v1/resources/import",
              buckets(`${name}-${round}`, 3),
            );
            for (const { status } of [read, write]) statuses[status] = (statuses[status] ?? 0) + 1;
            if (write.status === 200) told.push(`${name}-${round}`);
          }
        };
        const load = Promise.all(
          [one, two].flatMap((
            server,
            place,
          ) => [client(server, token, `s${place}`), client(server, key, `k${place}`)]),
        );
        await until(() => Promise.resolve(told.length > 8));
        await servers.crashDatabase();
        const back = performance.now();
        for (const server of [one, two]) {
          for (const credential of [token, key]) {
            await until(async () => (await ask(server, credential, "GET", "/v1/resources")).status === 200);
          }
        }
        const took = performance.now() - back;
        const before = told.length;
        await until(() => Promise.resolve(told.length > before + 4));
        isOver = true;
        await load;
        // deno-lint-ignore no-console -- the figures are the point
        console.log(`answers: ${JSON.stringify(statuses)}; as before after ${Math.round(took)} ms`);
        assert.deepEqual(Object.keys(statuses).filter((status) => status !== "200" && status !== "503"), []);
        const kept = await sql`select count(*)::int as count from public.resources
        where regexp_replace(external_id, '-[0-9]+$', '') in ${sql(told)}`;
        assert.equal(kept[0]!.count, told.length * 3);
      },
    );

    await t.step("a process killed in the middle of an import: sent again, it is there once", async () => {
      const send = (server: Server) =>
        ask(server, token, "POST", "/v1/resources/import", buckets("killed", COUNT), {
          "idempotency-key": "killed-1",
        });
      const sent = send(victim);
      await until(async () =>
        (await sql`select from pg_stat_activity
          where pid <> pg_backend_pid() and state = 'active' and query ilike '%apply_import%'`).length > 0
      );
      await victim.kill();
      assert.equal((await sent).status, 0);
      const again = await send(one);
      assert.deepEqual([again.status, again.body.created + again.body.unchanged], [200, COUNT]);
      assert.deepEqual((await send(two)).body, again.body, "the same answer, whoever is asked");
      const rows = await sql`select count(*)::int as resources,
          (select count(*)::int from public.baselines b join public.resources r on r.id = b.resource_id
            where r.external_id like 'killed-%') as baselines
        from public.resources where external_id like 'killed-%'`;
      assert.deepEqual({ ...rows[0] }, { resources: COUNT, baselines: COUNT });
    });

    await t.step(
      "a process killed once an import was written, before it could say so: the same",
      async () => {
        victim = await servers.start();
        const send = (server: Server) =>
          ask(server, token, "POST", "/v1/resources/import", buckets("untold", COUNT), {
            "idempotency-key": "untold-1",
          });
        const sent = send(victim);
        await until(async () =>
          (await sql`select from public.resources where external_id like 'untold-%'`).length > 0
        );
        await victim.kill();
        await sent;
        const again = await send(two);
        assert.deepEqual([again.status, again.body.created], [200, COUNT]);
        const rows =
          await sql`select count(*)::int as count from public.resources where external_id like 'untold-%'`;
        assert.equal(rows[0]!.count, COUNT);
      },
    );

    await t.step("a process killed in the middle of a detection: each drift is found once", async () => {
      assert.equal(
        (await ask(one, token, "POST", "/v1/resources/import", buckets("killed", COUNT, true))).status,
        200,
      );
      // As if nobody had looked yet.
      await sql`delete from public.drift_events where data ->> 'resource_name' like 'killed-%'`;
      await sql`delete from public.drifts where resource_name like 'killed-%'`;
      const open = async () =>
        (await sql`select from public.drifts where resource_name like 'killed-%' and status <> 'resolved'`)
          .length;
      victim = await servers.start();
      const sent = ask(victim, token, "POST", "/v1/drifts/detect", {});
      await until(async () => await open() > 0);
      await victim.kill();
      await sent;
      // Where it died before the job's end, its lease ends by itself; here at once.
      await sql`update private.jobs set leased_until = now() - interval '1 second' where status = 'running'`;
      assert.equal((await ask(two, token, "POST", "/v1/drifts/detect", {})).status, 202);
      await until(async () => await open() >= COUNT);
      assert.equal(await open(), COUNT);
      const told =
        await sql`select count(*)::int as count, count(distinct data ->> 'resource_name')::int as resources
        from public.drift_events where type = 'drift_detected' and data ->> 'resource_name' like 'killed-%'`;
      assert.deepEqual({ ...told[0] }, { count: COUNT, resources: COUNT });
    });

    await t.step(
      "a process killed in the middle of a stream: the next one goes on without a gap or a repeat",
      async () => {
        victim = await servers.start();
        const headers = { authorization: `Bearer ${token}` };
        const open = (server: Server, last?: number) =>
          openStream(`${server.url}/api/ws/drifts`, {
            ...headers,
            ...last !== undefined && { "last-event-id": String(last) },
          });
        const isNews = (type: string) => type === "drift_detected" || type === "drift_resolved";
        let stream = await open(victim);
        assert.equal((await stream.next())?.type, "connected");
        const change = (isOpen: boolean) =>
          ask(one, token, "POST", "/v1/resources/import", buckets("streamed", 20, isOpen));
        await change(false);
        const writing = (async () => {
          for (let round = 0; round < 6; round++) await change(round % 2 === 0);
        })();
        const seen: number[] = [];
        let last = 0;
        const read = async (count: number) => {
          while (seen.length < count) {
            const event = await stream.next();
            if (!event) return;
            last = event.id;
            if (isNews(event.type)) seen.push(event.id);
          }
        };
        await read(15);
        await victim.kill();
        await read(Infinity).catch(() => {});
        stream.close();
        await writing;
        stream = await open(two, last);
        const ids = (await sql`select id::int from public.drift_events
        where type in ('drift_detected', 'drift_resolved') and data ->> 'resource_name' like 'streamed-%' order by id`)
          .map(({ id }) => id as number);
        await read(ids.length);
        stream.close();
        assert.ok(ids.length >= 40);
        assert.deepEqual(seen, ids);
      },
    );
  } finally {
    await sql.end();
  }
});

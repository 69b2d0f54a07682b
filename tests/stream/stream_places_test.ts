/** On a real PostgreSQL (TEST_DATABASE_URL): ten streams a principal, however many processes serve them. */
import assert from "node:assert/strict";
import postgres from "postgres";
import { startStack } from "../../dev/stack.ts";
import { tokenAt } from "../http/sign_in.ts";
import { openStream } from "../http/stream_reader.ts";
import { freshDatabase, postgresTest } from "../real_postgres.ts";

postgresTest(
  "of thirty streams opened at once at two processes ten open; one that ends makes room for one",
  async (_t, serverUrl) => {
    await using database = await freshDatabase(serverUrl);
    const options = { port: 0, databaseUrl: database.url, web: false, rateLimits: false, log: () => {} };
    const first = await startStack(options);
    const second = await startStack(options);
    try {
      const authorization = `Bearer ${await tokenAt(first.url, "viewer")}`;
      const open = (index: number) =>
        openStream(`${[first, second][index % 2]!.url}/api/ws/drifts`, { authorization });
      const streams = await Promise.all(Array.from({ length: 30 }, (_, index) => open(index)));
      const opened = streams.filter(({ status }) => status === 200);
      assert.deepEqual(streams.map(({ status }) => status).sort(), [
        ...Array(10).fill(200),
        ...Array(20).fill(429),
      ]);
      const places = async () =>
        (await first.database.query<{ count: number }>("select count(*)::int from private.open_streams"))[0]!
          .count;
      assert.equal(await places(), 10);

      opened[0]!.close();
      while (await places() === 10);
      const again = await open(1);
      assert.deepEqual([again.status, (await again.next())?.type], [200, "connected"]);
      const refused = await open(0);
      assert.equal(refused.status, 429);
      for (const stream of [...streams, again, refused]) stream.close();
    } finally {
      await first.stop();
      await second.stop();
    }
  },
);

postgresTest(
  "of thirty transactions that are open at the same time ten get a place",
  async (_t, serverUrl) => {
    await using database = await freshDatabase(serverUrl);
    await (await startStack({ port: 0, databaseUrl: database.url, web: false })).stop();
    const sql = postgres(database.url, { max: 30, onnotice: () => {} });
    try {
      const user = crypto.randomUUID();
      const places = await Promise.all(Array.from({ length: 30 }, () =>
        sql.begin(async (session) => {
          const [row] = await session`select public.open_stream(${user}, null, 10, 60) as place`;
          // Nobody else sees the place yet.
          await session`select pg_sleep(0.01)`;
          return row!.place as string | null;
        })));
      assert.equal(places.filter(Boolean).length, 10);
    } finally {
      await sql.end();
    }
  },
);

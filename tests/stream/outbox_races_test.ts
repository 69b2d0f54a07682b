/** On a real PostgreSQL (TEST_DATABASE_URL): event ids follow the order of commits, so no reader ever misses one. */
import assert from "node:assert/strict";
import postgres from "postgres";
import { startStack } from "../../dev/stack.ts";
import { tokenAt } from "../http/sign_in.ts";
import { freshDatabase, postgresTest } from "../real_postgres.ts";

const WRITERS = 12;
const WRITES = 40;

postgresTest(
  "racing writers, some of whom roll back, and a reader that has seen N finds N + 1 next",
  async (_t, serverUrl) => {
    await using database = await freshDatabase(serverUrl);
    await (await startStack({ port: 0, databaseUrl: database.url, web: false })).stop();
    const sql = postgres(database.url, { max: WRITERS + 1, onnotice: () => {} });
    try {
      const [organization] = await sql`insert into public.organizations (name) values ('raced') returning id`;
      const id = organization!.id as number;
      let isWriting = true;
      let committed = 0;

      const writer = async (name: number) => {
        for (let i = 0; i < WRITES; i++) {
          const count = 1 + (name + i) % 3;
          await sql.begin(async (session) => {
            const event = { type: "scan_progress", data: { writer: name, number: i } };
            await session`select private.append_events(${id}, ${session.json(Array(count).fill(event))})`;
            // Commits come in another order than the calls: some hold their turn for a while.
            await session`select pg_sleep(${(name * i) % 4 / 1000})`;
            if ((name + i) % 7 === 0) throw new Error("rolled back");
          }).then(() => committed += count, (error) => assert.equal(error.message, "rolled back"));
        }
      };
      const reader = async () => {
        const seen: number[] = [];
        for (let isLast = false; !isLast;) {
          isLast = !isWriting;
          const rows = await sql`select id from public.drift_events
          where organization_id = ${id} and id > ${seen.at(-1) ?? 0} order by id limit 50`;
          if (rows.length === 50) isLast = false;
          seen.push(...rows.map((row) => Number(row.id)));
        }
        return seen;
      };

      const reading = reader();
      await Promise.all(Array.from({ length: WRITERS }, (_, name) => writer(name)));
      isWriting = false;
      const seen = await reading;
      assert.ok(committed > 0);
      assert.deepEqual(seen, Array.from({ length: committed }, (_, index) => index + 1));
    } finally {
      await sql.end();
    }
  },
);

postgresTest(
  "racing imports of the same resources open each drift once and lose no event",
  async (_t, serverUrl) => {
    await using database = await freshDatabase(serverUrl);
    const stack = await startStack({
      port: 0,
      databaseUrl: database.url,
      web: false,
      rateLimits: false,
      log: () => {},
    });
    try {
      const token = await tokenAt(stack.url, "user");
      const send = async (open: boolean) => {
        const snapshots = Array.from({ length: 20 }, (_, index) => ({
          external_id: `raced-${index}`,
          name: `raced-${index}`,
          resource_type: "aws_s3_bucket",
          provider: "aws",
          configuration: { block_public_acls: !open },
          tags: {},
        }));
        const response = await fetch(`${stack.url}/v1/resources/import`, {
          method: "POST",
          headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
          body: JSON.stringify(snapshots),
        });
        await response.body?.cancel();
        return response.status;
      };
      assert.equal(await send(false), 200);
      const statuses = await Promise.all(Array.from({ length: 8 }, () => send(true)));
      // An import that met others four times in a row says 503 and has written nothing; the rest are whole.
      assert.ok(statuses.every((status) => status === 200 || status === 503), statuses.join());
      assert.ok(statuses.includes(200));
      const drifts = await stack.database.query(
        "select resource_id from public.drifts where resource_name like 'raced-%' and status <> 'resolved'",
      );
      assert.equal(drifts.length, 20);
      const events = await stack.database.query(
        "select data from public.drift_events where type = 'drift_detected' and data ->> 'resource_name' like 'raced-%'",
      );
      assert.equal(events.length, 20);
    } finally {
      await stack.stop();
    }
  },
);

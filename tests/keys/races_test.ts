/** On a real PostgreSQL (TEST_DATABASE_URL): whatever races, limits hold and one winner leaves a consistent state. */
import assert from "node:assert/strict";
import postgres from "postgres";
import { freshDatabase, postgresTest } from "../real_postgres.ts";
import { startStack } from "../../dev/stack.ts";

const CONNECTIONS = 30;

/** The schema with its demo people, and many sessions on it at once. */
async function crowdedDatabase(serverUrl: string) {
  const database = await freshDatabase(serverUrl);
  const stack = await startStack({ port: 0, databaseUrl: database.url, web: false });
  await stack.stop();
  const sql = postgres(database.url, { max: CONNECTIONS, onnotice: () => {} });
  return {
    sql,
    [Symbol.asyncDispose]: async () => {
      await sql.end();
      await database[Symbol.asyncDispose]();
    },
  };
}

type Sql = ReturnType<typeof postgres>;

/** One call of an API function as the Data API makes it: own transaction, role and claims. */
async function callAs(sql: Sql, claims: Record<string, unknown>, statement: string): Promise<unknown[]> {
  return await sql.begin(async (session) => {
    await session`select set_config('request.jwt.claims', ${JSON.stringify(claims)}, true),
      set_config('request.jwt.claim.sub', ${String(claims.sub ?? "")}, true)`;
    await session.unsafe(`set local role ${claims.role}`);
    return await session.unsafe(statement);
  }) as unknown[];
}

async function claimsOf(sql: Sql, email: string): Promise<Record<string, unknown>> {
  const [user] = await sql`select id from auth.users where email = ${email}`;
  const [session] = await sql`insert into auth.sessions (id, user_id, created_at, updated_at)
    values (gen_random_uuid(), ${user!.id}, now(), now()) returning id`;
  return {
    sub: user!.id,
    session_id: session!.id,
    role: "authenticated",
    iat: Math.floor(Date.now() / 1000),
  };
}

const SERVICE = { role: "service_role" };
const times = <Value>(count: number, work: (index: number) => Promise<Value>) =>
  Promise.allSettled(Array.from({ length: count }, (_, index) => work(index)));
const succeeded = <Value>(results: PromiseSettledResult<Value>[]) =>
  results.flatMap((result) => result.status === "fulfilled" ? [result.value] : []);
const codes = (results: PromiseSettledResult<unknown>[]) => [
  ...new Set(results.flatMap((result) => result.status === "rejected" ? [result.reason.code] : [])),
];

postgresTest("races over keys and limits", async (t, serverUrl) => {
  await using crowd = await crowdedDatabase(serverUrl);
  const { sql } = crowd;
  const user = await claimsOf(sql, "user@example.com");
  let made = 0;
  const keyId = async (claims = user) => {
    made += 1;
    const [key] = await callAs(
      sql,
      claims,
      `select id from public.create_api_key('race', 'ia_live_race00${
        String(made).padStart(4, "0")
      }', '{"1": "${"ab".repeat(32)}"}')`,
    ) as { id: string }[];
    return key!.id;
  };

  await t.step("200 admissions at once: exactly the limit is allowed", async () => {
    for (;;) {
      await sql`delete from private.rate_windows`;
      const [before] = await sql`select date_trunc('minute', clock_timestamp()) as minute`;
      const results = await times(200, () =>
        callAs(
          sql,
          SERVICE,
          `select public.admit_session('${user.sub}', now(), '${user.session_id}', 50) ->> 'fault' as fault`,
        ));
      const [after] = await sql`select date_trunc('minute', clock_timestamp()) as minute`;
      // Over the turn of a minute two windows were open, rightly.
      if (String(before!.minute) !== String(after!.minute)) continue;
      const faults = succeeded(results).map(([row]) => (row as { fault: string | null }).fault);
      assert.equal(faults.filter((fault) => fault === null).length, 50);
      assert.equal(faults.filter((fault) => fault === "rate_limited").length, 150);
      break;
    }
  });

  await t.step("200 sign-ins at once from 20 addresses: exactly the limit is tried", async () => {
    const results = await times(200, (index) =>
      callAs(
        sql,
        SERVICE,
        `select public.reserve_sign_in('hash', 10, 10, 100, 900, '192.0.2.${index % 20}') as answer`,
      ));
    const answers = succeeded(results).map(([row]) => (row as { answer: { reservation?: number } }).answer);
    assert.equal(answers.length, 200, "no deadlock, no failure");
    const reservations = answers.flatMap(({ reservation }) => reservation === undefined ? [] : [reservation]);
    assert.equal(reservations.length, 10);
    await times(
      10,
      (index) => callAs(sql, SERVICE, `select public.release_sign_in('hash', ${reservations[index]}, null)`),
    );
    const [row] =
      await sql`select cardinality(attempts) as count from private.sign_in_attempts where bucket = 'email:hash'`;
    assert.equal(row!.count, 0, "each gives back its own and no other");
  });

  await t.step("20 who make a person's fiftieth key at once: one does", async () => {
    const admin = await claimsOf(sql, "admin@example.com");
    await sql`insert into public.api_keys (organization_id, created_by, name, prefix, scopes)
      select p.organization_id, p.id, 'filler', 'ia_live_fill' || lpad(n::text, 6, '0'), '{resources:read}'
      from generate_series(1, 49) n cross join public.profiles p where p.email = 'admin@example.com'`;
    const results = await times(20, () => keyId(admin));
    assert.equal(succeeded(results).length, 1);
    assert.deepEqual(codes(results), ["PT422"]);
  });

  await t.step("20 rotations of one key at once: one successor", async () => {
    for (let round = 0; round < 5; round++) {
      const id = await keyId();
      const results = await times(20, (index) =>
        callAs(
          sql,
          user,
          `select id from public.rotate_api_key(${id}, 'ia_live_R${round}${
            String(index).padStart(8, "0")
          }', '{"1": "${"cd".repeat(32)}"}', 3600)`,
        ));
      assert.equal(succeeded(results).length, 1);
      assert.deepEqual(codes(results), ["PT409"]);
      const successors = await sql`select id from public.api_keys where replaces = ${id}`;
      assert.equal(successors.length, 1);
      const [old] =
        await sql`select expires_at < now() + interval '1 hour' as is_short, revoked_at from public.api_keys where id = ${id}`;
      assert.deepEqual({ ...old }, { is_short: true, revoked_at: null });
      const events =
        await sql`select from public.audit_events where action = 'api_key.rotated' and target_id = ${id}`;
      assert.equal(events.length, 1);
    }
  });

  await t.step(
    "20 revocations at once, and rotations among them: one event, and the key is dead",
    async () => {
      for (let round = 0; round < 5; round++) {
        const id = await keyId();
        const results = await times(20, (index) =>
          callAs(
            sql,
            user,
            index % 4 === 3
              ? `select id from public.rotate_api_key(${id}, 'ia_live_S${round}${
                String(index).padStart(8, "0")
              }', '{"1": "${"cd".repeat(32)}"}', 3600)`
              : `select public.revoke_api_key(${id})`,
          ));
        assert.ok(codes(results).every((code) => ["PT409", "PT422"].includes(code)), String(codes(results)));
        const [old] =
          await sql`select revoked_at is not null as is_dead from public.api_keys where id = ${id}`;
        assert.equal(old!.is_dead, true);
        const events =
          await sql`select from public.audit_events where action = 'api_key.revoked' and target_id = ${id}`;
        assert.equal(events.length, 1);
        const successors = await sql`select from public.api_keys where replaces = ${id}`;
        assert.ok(successors.length <= 1);
      }
    },
  );

  await t.step("two reports of the same leaked keys in other orders: each key told once", async () => {
    const ids = [];
    for (let count = 0; count < 10; count++) ids.push(await keyId());
    const keys = await sql`select id, prefix, jsonb_build_object('1', ${
      "ab".repeat(32)
    }::text) as hashes from public.api_keys where id in ${sql(ids)}`;
    const results = await times(10, (index) => {
      const list = index % 2 ? [...keys] : [...keys].reverse();
      return callAs(
        sql,
        SERVICE,
        `select public.revoke_leaked_api_keys('${JSON.stringify(list)}', 'report') as answer`,
      );
    });
    assert.deepEqual(codes(results), []);
    const events = await sql`select target_id from public.audit_events where action = 'api_key.leaked'`;
    assert.deepEqual(events.map((event) => event.target_id).sort(), ids.map(String).sort());
  });

  await t.step("200 uses of one key at once write its last use once", async () => {
    const id = await keyId();
    const [key] = await sql`select prefix from public.api_keys where id = ${id}`;
    const results = await times(200, () =>
      callAs(
        sql,
        SERVICE,
        `select public.admit_api_key('${key!.prefix}', '{"1": "${
          "ab".repeat(32)
        }"}') ->> 'fault' as fault, pg_current_xact_id_if_assigned() is not null as wrote`,
      ));
    const rows = succeeded(results).map(([row]) => row as { fault: string | null; wrote: boolean });
    assert.equal(rows.length, 200);
    assert.ok(rows.every(({ fault }) => fault === null));
    // A lock on the row also takes a transaction id: those that met the writer, not those after it.
    assert.ok(rows.filter(({ wrote }) => wrote).length <= CONNECTIONS);
    const [stats] = await sql`select last_used_at is not null as used from public.api_keys where id = ${id}`;
    assert.equal(stats!.used, true);
  });
});

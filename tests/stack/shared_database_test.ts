/** Several stacks on one Postgres server are one project: one migrates, all take each other's tokens and keys. */
import assert from "node:assert/strict";
import postgres from "postgres";
import { freshDatabase, postgresTest } from "../real_postgres.ts";
import { clientOf, runStack, signedIn, tokenOf } from "./running_stack.ts";

postgresTest("several stacks on one database", async (t, serverUrl) => {
  await using fresh = await freshDatabase(serverUrl);
  const start = () => runStack({ ephemeral: false, databaseUrl: fresh.url });

  await t.step("started at once, one migrates and seeds and the others wait for it", async () => {
    const started = await Promise.all([start(), start(), start()]);
    await using one = started[0];
    await using two = started[1];
    await using three = started[2];
    const people = await one.database.query("select id, email from public.profiles order by id");
    assert.equal(people.length, 5);
    assert.equal(people[0]?.email, "user@example.com");
    assert.equal(new Set([one.url, two.url, three.url]).size, 3);
    for (const what of ["publishableKey", "secretKey", "jwtSecret", "issuer"] as const) {
      assert.deepEqual([two[what], three[what]], [one[what], one[what]], what);
    }

    const client = await signedIn(one, "user@example.com");
    const token = await tokenOf(client);
    for (const other of [two, three]) {
      const me = await fetch(`${other.url}/v1/auth/me`, { headers: { authorization: `Bearer ${token}` } });
      assert.equal(me.status, 200, await me.text());
      assert.equal((await clientOf(other).auth.getUser(token)).data.user?.email, "user@example.com");
    }
    await client.auth.signOut({ scope: "local" });
    const dead = await fetch(`${two.url}/v1/auth/me`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal(dead.status, 401);
    assert.equal((await dead.json()).code, "SESSION_REVOKED");

    await clientOf(one, one.secretKey).auth.admin.inviteUserByEmail("guest@example.com");
    const mails = await (await fetch(`${one.url}/dev/mailbox.json`)).json();
    assert.deepEqual(await (await fetch(`${three.url}/dev/mailbox.json`)).json(), mails);
    assert.equal(mails[0].recipient, "guest@example.com");
  });

  await t.step("a later one finds what was written, and grants are as migrated", async () => {
    await using stack = await start();
    const guests = await stack.database.query(
      "select email from auth.users where email = 'guest@example.com'",
    );
    assert.equal(guests.length, 1);
    assert.equal((await clientOf(stack).from("resources").select("id")).status, 401);
    const wide = await stack.database.query(
      "select table_name from information_schema.role_table_grants where table_schema = 'public' and grantee = 'anon'",
    );
    assert.deepEqual(wide, []);
  });

  await t.step("another version's data is refused and left alone", async () => {
    const sql = postgres(fresh.url, { max: 1 });
    try {
      await sql`update supabase_migrations.schema_migrations set statements = '{"select 1"}' where version = (
        select min(version) from supabase_migrations.schema_migrations)`;
      await assert.rejects(start(), {
        name: "StackError",
        message: /another version.*migration \d{14}_\w+ has changed/,
      });
      await sql`update supabase_migrations.schema_migrations set version = '20990101000000' where version = (
        select min(version) from supabase_migrations.schema_migrations)`;
      await assert.rejects(start(), {
        name: "StackError",
        message: /20990101000000_\w+ is not in supabase\/migrations/,
      });
      await sql`update dev.settings set value = '"other"' where name = 'base'`;
      await assert.rejects(start(), { name: "StackError", message: /another version of the local stack/ });
    } finally {
      await sql.end();
    }
  });
});

postgresTest("a database that another Auth server made is never touched", async (_t, serverUrl) => {
  await using fresh = await freshDatabase(serverUrl);
  const sql = postgres(fresh.url, { max: 1 });
  try {
    await sql.unsafe("create schema auth; create table auth.users (id uuid primary key)");
    await assert.rejects(runStack({ ephemeral: false, databaseUrl: fresh.url }), {
      name: "StackError",
      message: /has an Auth schema which the local stack did not make/,
    });
    const made =
      await sql`select nspname from pg_namespace where nspname in ('dev', 'extensions', 'private')`;
    assert.equal(made.length, 0);
  } finally {
    await sql.end();
  }
});

/** The migrations run on a hosted project's database as they are, and its own checks find nothing unexplained. */
import assert from "node:assert/strict";
import postgres from "postgres";
import { renderTypes, TYPES_FILE } from "../../scripts/generate_types.ts";
import { createHostedDatabase } from "../../scripts/hosted_database.ts";
import { runSupabase } from "../../scripts/supabase_cli.ts";

/** Findings of the database advisors that stay, by name, each with its reason. */
const ACCEPTED: Record<string, string> = {
  unused_index: "The database is new: no query has run on it yet.",
  multiple_permissive_policies:
    "A policy is one sentence about one group of people. Their conditions are helper calls that run once a " +
    "statement, not once a row, so that a second policy costs no second scan.",
};

interface Finding {
  readonly name: string;
  readonly level: string;
  readonly detail: string;
}

const server = Deno.env.get("TEST_DATABASE_URL");
// deno-lint-ignore no-console -- a skipped suite must be heard
if (!server) console.warn("skipped: TEST_DATABASE_URL is not set (deno task test:postgres sets it)");

Deno.test({ name: "a database as hosted", ignore: !server }, async (t) => {
  await using database = await createHostedDatabase(server!);
  const remote = `--remote=${database.url}`;
  const supabase = async (...args: string[]) => {
    const { code, stdout, stderr } = await runSupabase(args);
    return { code, stdout, talk: stdout + stderr };
  };
  const names = await migrationNames();

  await t.step("a dry run of db push names every migration and applies none", async () => {
    const { code, talk } = await supabase("db", "push", remote, "--dry-run", "--yes");
    assert.equal(code, 0, talk);
    for (const name of names) assert.ok(talk.includes(name), name);
    assert.deepEqual(await appliedVersions(database.url), []);
  });

  await t.step("migration up applies them all, and welcomes who signed up before", async () => {
    await execute(
      server!,
      database.url,
      "insert into auth.users (id, email) values (gen_random_uuid(), 'early@test')",
    );
    const { code, talk } = await supabase("migration", "up", remote, "--yes");
    assert.equal(code, 0, talk);
    assert.deepEqual(await appliedVersions(database.url), names.map((name) => name.slice(0, 14)));
    assert.match((await supabase("db", "push", remote, "--dry-run", "--yes")).talk, /up to date/);
    const people = await execute(
      server!,
      database.url,
      `select p.email, m.role::text from public.profiles p join public.memberships m on m.profile_id = p.id`,
    );
    assert.deepEqual(people, [{ email: "early@test", role: "owner" }]);
  });

  await t.step("an older tree can't be pushed over it: going back is for functions alone", async () => {
    const folder = await Deno.makeTempDir({ prefix: "infraaudit-older-" });
    try {
      await Deno.mkdir(`${folder}/supabase/migrations`, { recursive: true });
      await Deno.copyFile("supabase/config.toml", `${folder}/supabase/config.toml`);
      for (const name of names.slice(0, -1)) {
        await Deno.copyFile(`supabase/migrations/${name}`, `${folder}/supabase/migrations/${name}`);
      }
      const { code, talk } = await supabase("db", "push", remote, "--yes", "--workdir", folder);
      assert.equal(code, 1, talk);
      assert.match(talk, /Remote migration versions not found/);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });

  await t.step("an older project's open defaults open nothing of ours", async () => {
    assert.deepEqual(await opened(database.url), []);
  });

  await t.step("every version is a time, as db push wants it", () => {
    for (const name of names) {
      const time = new Date(name.replace(/^(....)(..)(..)(..)(..)(..)_.*$/, "$1-$2-$3T$4:$5:$6Z"));
      assert.ok(!Number.isNaN(time.getTime()), name);
    }
  });

  const [check] = await execute(
    server!,
    database.url,
    "select from pg_available_extensions where name = 'plpgsql_check'",
  );
  if (!check) {
    // deno-lint-ignore no-console -- a skipped step must be heard
    console.warn("skipped: plpgsql_check is not installed (apt-get install postgresql-15-plpgsql-check)");
  }
  await t.step({
    name: "plpgsql_check finds nothing in any function",
    ignore: !check,
    fn: async () => {
      const { code, talk } = await supabase(
        ...["db", "lint", remote, "--schema", "public,private", "--level", "warning", "--fail-on", "warning"],
      );
      assert.equal(code, 0, talk);
    },
  });

  await t.step("the database advisors find nothing that has no reason", async () => {
    const { code, stdout, talk } = await supabase(
      ...["db", "advisors", remote, "--level", "info", "--fail-on", "error", "--output-format", "json"],
    );
    assert.equal(code, 0, talk);
    const findings: Finding[] = JSON.parse(stdout).results;
    // An unconfigured database would make them silent: the new indexes must be seen.
    assert.ok(findings.some(({ name }) => name === "unused_index"), talk);
    const unexplained = findings.filter(({ name }) => !(name in ACCEPTED));
    assert.deepEqual(unexplained.map(({ level, name, detail }) => `${level} ${name}: ${detail}`), []);
  });

  await t.step("shared/db/types.ts is what the CLI makes of them: run deno task db:types", async () => {
    assert.equal(await Deno.readTextFile(TYPES_FILE), await renderTypes(database.url));
  });
});

async function migrationNames(): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(new URL("../../supabase/migrations", import.meta.url))) {
    names.push(name);
  }
  return names.sort();
}

/** Tables, sequences and functions of ours that an API role may use without a grant that a migration states. */
async function opened(url: string): Promise<string[]> {
  const connection = postgres(url, { max: 1 });
  try {
    const rows = await connection`
      select c.oid::regclass::text || ' ' || x.privilege_type || ' ' || x.grantee::regrole as opened
      from pg_class c, aclexplode(c.relacl) x
      where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace) and x.grantee <> c.relowner
        and (c.relkind = 'S' or x.grantee <> 'authenticated'::regrole)
      union all
      select p.oid::regprocedure::text || ' ' || x.privilege_type || ' ' || x.grantee::regrole
      from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x
      where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
        and x.grantee in (0, 'anon'::regrole)
      order by 1`;
    return rows.map((row) => row.opened);
  } finally {
    await connection.end();
  }
}

/** Runs one statement in the database as the server's superuser, as Supabase Auth's own role may. */
async function execute(
  serverUrl: string,
  databaseUrl: string,
  sql: string,
): Promise<Record<string, unknown>[]> {
  const url = new URL(serverUrl);
  url.pathname = new URL(databaseUrl).pathname;
  const connection = postgres(url.href, { max: 1 });
  try {
    return (await connection.unsafe(sql)).map((row) => ({ ...row }));
  } finally {
    await connection.end();
  }
}

/** What the CLI has noted as applied; empty before its first migration. */
async function appliedVersions(url: string): Promise<string[]> {
  const connection = postgres(url, { max: 1 });
  try {
    const [table] = await connection`select to_regclass('supabase_migrations.schema_migrations') as name`;
    if (table?.name === null) return [];
    const rows = await connection`select version from supabase_migrations.schema_migrations order by version`;
    return rows.map(({ version }) => version);
  } finally {
    await connection.end();
  }
}

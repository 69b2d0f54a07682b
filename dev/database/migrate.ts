/** Brings a database to the repository's schema: roles and Auth once, then each new migration, then the seed. */
import { createHash } from "node:crypto";
import { getAuthSchemaSql } from "@supabase/lite";
import type { Database } from "./database.ts";
import { StackError } from "../stack_error.ts";

const WAYS_OUT = "Go back to that version, or start afresh: delete the data folder, or use another database.";

/** Everything that decides what a fresh database holds. */
export interface SchemaSource {
  /** The stack's own part: roles, the Auth schema, the settings table. */
  base: string;
  migrations: { version: string; name: string; sql: string }[];
  seed: string;
}

/**
 * Reads the schema's source.
 * @param root the repository's root, as a directory URL
 */
export async function readSchemaSource(root: URL): Promise<SchemaSource> {
  const own = (name: string) => Deno.readTextFile(new URL(name, import.meta.url));
  const base = [
    await own("roles.sql"),
    getAuthSchemaSql(),
    await own("auth_schema.sql"),
    await own("../auth/project_settings.sql"),
  ].join("\n");
  const folder = new URL("supabase/migrations/", root);
  const names: string[] = [];
  for await (const entry of tolerant(Deno.readDir(folder))) {
    if (entry.isFile && /^\d{14}_\w+\.sql$/.test(entry.name)) names.push(entry.name);
  }
  const migrations = await Promise.all(
    names.sort().map(async (file) => ({
      version: file.slice(0, 14),
      name: file.slice(15, -4),
      sql: await Deno.readTextFile(new URL(file, folder)),
    })),
  );
  const seed = await Deno.readTextFile(new URL("supabase/seed.sql", root)).catch(missingAsEmpty);
  return { base, migrations, seed };
}

/**
 * Migrates; seeds only a database that had nothing of the stack before. Call it inside `exclusively`.
 * @returns how many migrations ran, and whether the database was new
 * @throws StackError when the database belongs to something else or to another version of the project
 */
export async function migrate(
  database: Database,
  source: SchemaSource,
): Promise<{ ran: number; isNew: boolean }> {
  const isNew = await prepareBase(database, source);
  const applied = await database.query<{ version: string; name: string; statements: string[] }>(
    "select version, name, statements from supabase_migrations.schema_migrations order by version",
  );
  for (const { version, name, statements } of applied) {
    const file = source.migrations.find((migration) => migration.version === version);
    if (file && file.sql === statements[0]) continue;
    throw new StackError(
      `The data was made by another version of the project: migration ${version}_${name} ` +
        (file ? "has changed since." : "is not in supabase/migrations.") +
        ` ${WAYS_OUT}`,
    );
  }
  const done = new Set(applied.map((row) => row.version));
  const waiting = source.migrations.filter((migration) => !done.has(migration.version));
  for (const migration of waiting) await apply(database, migration);
  if (isNew && source.seed.trim()) await database.script(source.seed);
  return { ran: waiting.length, isNew };
}

async function prepareBase(database: Database, source: SchemaSource): Promise<boolean> {
  const [found] = await database.query<{ ours: boolean; auth: boolean }>(
    "select to_regclass('dev.settings') is not null as ours, to_regclass('auth.users') is not null as auth",
  );
  if (!found?.ours) {
    // A hosted project or a real Auth server lives there: demo people must never land in it.
    if (found?.auth) {
      throw new StackError("That database has an Auth schema which the local stack did not make.");
    }
    await database.script(source.base, async (query) => {
      await query("insert into dev.settings (name, value) values ('base', to_jsonb($1::text))", [
        fingerprint(source.base),
      ]);
    });
    return true;
  }
  const [row] = await database.query<{ value: unknown }>(
    "select value from dev.settings where name = 'base'",
  );
  if (row?.value !== fingerprint(source.base)) {
    throw new StackError(`The data was made by another version of the local stack. ${WAYS_OUT}`);
  }
  return false;
}

/** Roles, Auth schema and settings table are made once: a database with others is another version's. */
export function fingerprint(base: string): string {
  return createHash("sha256").update(base).digest("hex");
}

async function apply(database: Database, migration: SchemaSource["migrations"][number]): Promise<void> {
  try {
    await database.script(migration.sql, async (query) => {
      await query(
        "insert into supabase_migrations.schema_migrations (version, name, statements) values ($1, $2, $3)",
        [migration.version, migration.name, [migration.sql]],
      );
    });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StackError(`Migration ${migration.version}_${migration.name} failed: ${why}`, { cause });
  }
}

async function* tolerant(entries: AsyncIterable<Deno.DirEntry>): AsyncGenerator<Deno.DirEntry> {
  try {
    yield* entries;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function missingAsEmpty(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "";
  throw error;
}

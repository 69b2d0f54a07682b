/** Databases as a hosted project's: Supabase Auth's own tables by its own role and migrations, ours on top by the owner. */
import postgres from "postgres";
import { fingerprint, readSchemaSource } from "../dev/database/migrate.ts";
import { hostedOwnerSql } from "./hosted_database.ts";

const ROOT = new URL("../", import.meta.url);
/** The role that Auth connects as, on a hosted project too. */
const AUTH_ROLE = "supabase_auth_admin";

/** A database that is dropped, with whoever is still on it, when it is closed. */
export interface AuthDatabase extends AsyncDisposable {
  /** Of a superuser, for the stack. */
  readonly url: string;
  /** Of Auth's own role, which is no superuser and owns the schema `auth` alone. */
  readonly authUrl: string;
}

/**
 * Makes the database that others are copied from: Auth's migrations, then ours as a role with few rights, then the seed.
 * @param serverUrl of a superuser
 * @param binary of Supabase Auth
 * @throws Error with what Auth said, or with the statement that failed
 */
export async function createAuthTemplate(serverUrl: string, binary: string): Promise<AuthDatabase> {
  const id = crypto.randomUUID().replaceAll("-", "");
  const [name, owner] = [`auth_template_${id}`, `deployer_${id}`];
  await onServer(serverUrl, `create database ${name}`);
  const database = databaseOf(serverUrl, name);
  const source = await readSchemaSource(ROOT);
  await onServer(
    database.url,
    [
      await Deno.readTextFile(new URL("dev/database/roles.sql", ROOT)),
      `do $$ begin
         create role ${AUTH_ROLE} noinherit createrole login;
       exception when duplicate_object then null; end $$`,
      `create schema auth authorization ${AUTH_ROLE}`,
      `grant create on database ${name} to ${AUTH_ROLE}`,
      `alter role ${AUTH_ROLE} in database ${name} set search_path = auth`,
    ].join(";\n"),
  );
  await runMigrations(binary, database.authUrl);
  await onServer(
    database.url,
    [
      "grant usage on schema auth to anon, authenticated, service_role",
      hostedOwnerSql(name, owner, id),
      await Deno.readTextFile(new URL("dev/auth/project_settings.sql", ROOT)),
      `grant usage on schema supabase_migrations to ${owner}`,
      `grant all on supabase_migrations.schema_migrations to ${owner}`,
    ].join(";\n"),
  );
  const asOwner = new URL(database.url);
  asOwner.username = owner;
  asOwner.password = id;
  const sql = postgres(asOwner.href, { max: 1, onnotice: () => {} });
  try {
    for (const { version, name, sql: statements } of source.migrations) {
      await sql.begin(async (transaction) => {
        await transaction.unsafe(statements);
        await transaction`insert into supabase_migrations.schema_migrations (version, name, statements)
          values (${version}, ${name}, ${[statements]})`;
      });
    }
    await sql.unsafe(source.seed);
  } finally {
    await sql.end();
  }
  await onServer(
    database.url,
    `insert into dev.settings (name, value) values ('base', '"${fingerprint(source.base)}"')`,
  );
  return database;
}

/** Copies a template, to which nobody may be connected. */
export async function copyAuthDatabase(template: string): Promise<AuthDatabase> {
  const name = `auth_${crypto.randomUUID().replaceAll("-", "")}`;
  const server = new URL(template);
  const [source] = server.pathname.split("/").slice(1);
  server.pathname = "/postgres";
  await onServer(server.href, `create database ${name} template ${source}`);
  const database = databaseOf(server.href, name);
  await onServer(
    database.url,
    `alter database ${name} set search_path = "$user", public, extensions;
     alter role ${AUTH_ROLE} in database ${name} set search_path = auth`,
  );
  return database;
}

function databaseOf(serverUrl: string, name: string): AuthDatabase {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const authUrl = new URL(url);
  authUrl.username = AUTH_ROLE;
  authUrl.password = "";
  return {
    url: url.href,
    authUrl: authUrl.href,
    [Symbol.asyncDispose]: () => onServer(serverUrl, `drop database ${name} with (force)`),
  };
}

async function runMigrations(binary: string, authUrl: string): Promise<void> {
  const { success, stderr, stdout } = await new Deno.Command(binary, {
    args: ["migrate"],
    // What it asks for before it looks at the database; nothing of it is used.
    env: {
      GOTRUE_DB_DRIVER: "postgres",
      DATABASE_URL: authUrl,
      API_EXTERNAL_URL: "http://127.0.0.1",
      GOTRUE_SITE_URL: "http://127.0.0.1",
      GOTRUE_JWT_SECRET: "x".repeat(32),
    },
  }).output();
  if (success) return;
  const said = new TextDecoder().decode(stderr) + new TextDecoder().decode(stdout);
  throw new Error(`${binary} migrate failed:\n${said}`);
}

async function onServer(url: string, sql: string): Promise<void> {
  const connection = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await connection.unsafe(sql);
  } finally {
    await connection.end();
  }
}

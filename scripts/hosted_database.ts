/** A database as a hosted project's is before its first migration: API roles, Auth's schema, an owner with few rights. */
import { getAuthSchemaSql } from "@supabase/lite";
import postgres from "postgres";

const OWN_SQL = new URL("../dev/database/", import.meta.url);

/** A database that is dropped when it is closed. */
export interface HostedDatabase extends AsyncDisposable {
  /** Of the role that runs migrations. Like a hosted project's `postgres`, it is no superuser. */
  readonly url: string;
}

/**
 * Makes one.
 * @param serverUrl of a superuser, ending in any database's name
 */
export async function createHostedDatabase(serverUrl: string): Promise<HostedDatabase> {
  const id = crypto.randomUUID().replaceAll("-", "");
  const [name, owner] = [`hosted_${id}`, `deployer_${id}`];
  await execute(serverUrl, `create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await execute(
    url.href,
    [
      await Deno.readTextFile(new URL("roles.sql", OWN_SQL)),
      getAuthSchemaSql(),
      await Deno.readTextFile(new URL("auth_schema.sql", OWN_SQL)),
      // What tells the advisors that this database has a Data API, and which schema it shows.
      `alter database ${name} set pgrst.db_schemas = 'public'`,
      // The CLI's lint makes it by itself, as a hosted project's owner may: here only a superuser can.
      `do $$ begin
         if exists (select from pg_available_extensions where name = 'plpgsql_check') then
           create extension plpgsql_check with schema extensions;
         end if;
       end $$`,
      hostedOwnerSql(name, owner, id),
    ].join(";\n"),
  );
  url.username = owner;
  url.password = id;
  return {
    url: url.href,
    [Symbol.asyncDispose]: async () => {
      await execute(serverUrl, `drop database ${name} with (force)`);
      await execute(serverUrl, `drop role ${owner}`);
    },
  };
}

/** The role that runs migrations, with what a hosted project lets it do, and the defaults that older ones have. */
export function hostedOwnerSql(database: string, owner: string, password: string): string {
  const open = (kind: string) =>
    `alter default privileges for role ${owner} in schema public
     grant all on ${kind} to anon, authenticated, service_role`;
  return [
    `create role ${owner} login bypassrls createrole password '${password}'`,
    `grant anon, authenticated, service_role to ${owner}`,
    `grant create on database ${database} to ${owner}`,
    `grant create on schema public to ${owner}`,
    `grant usage on schema auth, extensions, public to ${owner} with grant option`,
    `grant all on all tables in schema auth to ${owner}`,
    `grant all on all sequences in schema auth to ${owner}`,
    ...["tables", "sequences", "functions"].map(open),
  ].join(";\n");
}

async function execute(url: string, sql: string): Promise<void> {
  const connection = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await connection.unsafe(sql);
  } finally {
    await connection.end();
  }
}

/** A database as a hosted project's is before its first migration: API roles, Auth's schema, no default grants. */
import { getAuthSchemaSql } from "@supabase/lite";
import postgres from "postgres";

const OWN_SQL = new URL("../dev/database/", import.meta.url);

/** A database that is dropped when it is closed. */
export interface HostedDatabase extends AsyncDisposable {
  readonly url: string;
}

/**
 * Makes one.
 * @param serverUrl of a superuser, ending in any database's name
 */
export async function createHostedDatabase(serverUrl: string): Promise<HostedDatabase> {
  const name = `hosted_${crypto.randomUUID().replaceAll("-", "")}`;
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
    ].join(";\n"),
  );
  return {
    url: url.href,
    [Symbol.asyncDispose]: () => execute(serverUrl, `drop database ${name} with (force)`),
  };
}

async function execute(url: string, sql: string): Promise<void> {
  const connection = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await connection.unsafe(sql);
  } finally {
    await connection.end();
  }
}

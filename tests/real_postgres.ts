/** Databases on a real PostgreSQL server, for what an embedded one can't show: races and several processes. */
import postgres from "postgres";

/** The server that suites may make databases on; without it they skip, and say so. */
export const TEST_DATABASE_URL = Deno.env.get("TEST_DATABASE_URL");

export interface FreshDatabase extends AsyncDisposable {
  readonly url: string;
}

/**
 * Makes an empty database, dropped with whoever is still on it when disposed.
 * @param serverUrl a superuser's URL
 */
export async function freshDatabase(serverUrl: string): Promise<FreshDatabase> {
  const name = `infraaudit_test_${crypto.randomUUID().replaceAll("-", "")}`;
  const onServer = async (statement: string) => {
    const sql = postgres(serverUrl, { max: 1, onnotice: () => {} });
    try {
      await sql.unsafe(statement);
    } finally {
      await sql.end();
    }
  };
  await onServer(`create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    [Symbol.asyncDispose]: () => onServer(`drop database ${name} with (force)`),
  };
}

/** A test that needs a real server; skipped aloud without `TEST_DATABASE_URL`. */
export function postgresTest(
  name: string,
  body: (t: Deno.TestContext, serverUrl: string) => Promise<void>,
): void {
  const serverUrl = TEST_DATABASE_URL;
  // deno-lint-ignore no-console
  if (!serverUrl) console.warn(`skipped, for want of TEST_DATABASE_URL: ${name}`);
  Deno.test({ name, ignore: !serverUrl, fn: (t) => body(t, serverUrl!) });
}

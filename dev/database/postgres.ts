/** A real Postgres server behind the stack (`--db`): several stacks may share it. */
import { createPostgresConnection } from "@supabase/lite/postgres";
import { CompiledQuery } from "kysely";
import type { Database, Row } from "./database.ts";
import { versionWords } from "./pglite.ts";
import {
  keepGrantsAsMigrated,
  timestampAsPostgrest,
  TIMESTAMPTZ,
  translateSqlStates,
} from "./postgrest_truths.ts";
import { setContextAtOnce } from "./session_context.ts";

/** Type numbers of Postgres (pg_type). */
const JSON_TYPE = 114;
const JSONB_TYPE = 3802;

/** Any number will do, as long as every version of the stack takes the same one. */
const STACK_LOCK = 5432154321;

/**
 * Opens a pool on a Postgres server. The user of `url` must be a superuser, as the stack makes roles.
 * @throws what the driver throws when the server is away or refuses
 */
export async function openPostgres(url: string): Promise<Database> {
  const connection = createPostgresConnection({
    url,
    postgresOptions: {
      max: 10,
      // Seconds between tries to reach a server that is away; left to itself, the driver waits up to twenty.
      backoff: () => 0.2,
      onnotice: () => {},
      types: {
        timestamptz: {
          to: TIMESTAMPTZ,
          from: [TIMESTAMPTZ],
          serialize: (value: unknown) => value,
          parse: timestampAsPostgrest,
        },
        json: jsonType(JSON_TYPE),
        jsonb: jsonType(JSONB_TYPE),
      },
      connection: { search_path: `"$user", public, extensions` },
    },
  });
  globalThis.addEventListener("error", outliveLateWrite);
  keepGrantsAsMigrated(connection);
  translateSqlStates(connection);
  setContextAtOnce(connection);
  const query = async <T extends Row>(sql: string, parameters: readonly unknown[] = []): Promise<T[]> => {
    const result = await connection.kysely.executeQuery<T>(CompiledQuery.raw(sql, [...parameters]));
    return result.rows;
  };
  const [server] = await query<{ version: string }>("select version()");
  let closed = false;
  return {
    connection,
    version: versionWords(server?.version ?? ""),
    query,
    script: async (sql, then) => {
      await connection.driver.begin(async (transaction) => {
        await transaction.unsafe(sql);
        await then?.(async <T extends Row>(sql: string, parameters: readonly unknown[] = []) =>
          [...await transaction.unsafe<T[]>(sql, [...parameters] as never[])] as T[]
        );
      });
    },
    exclusively: async (work) => {
      const session = await connection.driver.reserve();
      try {
        await session`select pg_advisory_lock(${STACK_LOCK})`;
        return await work();
      } finally {
        await session`select pg_advisory_unlock(${STACK_LOCK})`;
        session.release();
      }
    },
    close: async () => {
      if (closed) return;
      closed = true;
      await connection.close();
      globalThis.removeEventListener("error", outliveLateWrite);
    },
  };
}

/** The embedded server hands JSON over as text; the driver would make a JSON string of it. */
function jsonType(type: number) {
  return {
    to: type,
    from: [type],
    serialize: (value: unknown) => typeof value === "string" ? value : JSON.stringify(value),
    parse: (text: string) => JSON.parse(text),
  };
}

/**
 * The driver writes a moment after it was asked, and throws where nobody can catch it when the server has gone in
 * between. The query itself has failed by then: the process need not.
 */
function outliveLateWrite(event: ErrorEvent): void {
  const stack = event.error instanceof TypeError ? event.error.stack ?? "" : "";
  if (/\bnextWrite\b.*postgres\/src\/connection\.js/.test(stack)) event.preventDefault();
}

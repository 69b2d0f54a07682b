/** The embedded Postgres (PGlite): one session, so work is let through one piece at a time. */
import { createPgliteConnection } from "@supabase/lite/pglite";
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from "kysely";
import type { Database, Row } from "./database.ts";
import {
  keepGrantsAsMigrated,
  timestampAsPostgrest,
  TIMESTAMPTZ,
  translateSqlStates,
} from "./postgrest_truths.ts";
import { setContextAtOnce } from "./session_context.ts";

type PgliteConnection = Awaited<ReturnType<typeof createPgliteConnection>>;
type Pglite = PgliteConnection["driver"];

/** A database that can be copied whole. */
export interface EmbeddedDatabase extends Database {
  /** The data folder as an archive, for `image`. */
  dump(): Promise<Blob>;
}

/**
 * Opens the embedded Postgres.
 * @param source `folder` to keep data in (made when missing), and `image`, a dumped data folder to begin with
 * @throws what PGlite throws when the folder is not one of its own or was broken
 */
export async function openPglite(source: { folder?: string; image?: Blob }): Promise<EmbeddedDatabase> {
  const connection = await keepExitCode(async () => {
    const connection = await createPgliteConnection({
      url: source.folder,
      pgliteOptions: { loadDataDir: source.image, parsers: { [TIMESTAMPTZ]: timestampAsPostgrest } },
    });
    await connection.driver.waitReady;
    return connection;
  });
  const pglite = connection.driver;
  const turns = new Turns();
  connection.kysely = new Kysely({ dialect: serialDialect(pglite, turns) });
  keepGrantsAsMigrated(connection);
  translateSqlStates(connection);
  setContextAtOnce(connection);
  await pglite.exec(`set search_path = "$user", public, extensions`);
  const { rows: [server] } = await pglite.query<{ version: string }>("select version()");
  let closed = false;

  const query = async <T extends Row>(sql: string, parameters: readonly unknown[] = []): Promise<T[]> => {
    const result = await connection.kysely.executeQuery<T>(CompiledQuery.raw(sql, [...parameters]));
    return result.rows;
  };
  return {
    connection,
    version: versionWords(server?.version ?? ""),
    query,
    script: (sql, then) =>
      turns.take(() =>
        keepExitCode(async () => {
          await pglite.exec("begin");
          try {
            await pglite.exec(sql);
            await then?.(async <T extends Row>(sql: string, parameters: readonly unknown[] = []) =>
              (await pglite.query<T>(sql, [...parameters])).rows
            );
            await pglite.exec("commit");
          } catch (error) {
            await pglite.exec("rollback");
            throw error;
          }
        })
      ),
    // The folder's lock already keeps every other process out.
    exclusively: (work) => work(),
    dump: () => turns.take(() => pglite.dumpDataDir("none")),
    close: async () => {
      if (closed) return;
      closed = true;
      await keepExitCode(() => turns.take(() => connection.close()));
    },
  };
}

/** `PostgreSQL 17.5 on wasm32…` → `PostgreSQL 17.5`. */
export function versionWords(version: string): string {
  return version.split(" ").slice(0, 2).join(" ");
}

/**
 * The engine was a program of its own: its start (99) and every statement that fails (100) set the exit code of
 * this process, which a test runner or a shell would take for a failure of ours.
 */
async function keepExitCode<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    // Not what it was before: another engine's may be in between.
    if (Deno.exitCode === 99 || Deno.exitCode === 100) Deno.exitCode = 0;
  }
}

/** Lets one piece of work through at a time, in the order they came. */
class Turns {
  #last: Promise<void> = Promise.resolve();

  async enter(): Promise<() => void> {
    const before = this.#last;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#last = promise;
    await before;
    return resolve;
  }

  async take<T>(work: () => Promise<T>): Promise<T> {
    const leave = await this.enter();
    try {
      return await work();
    } finally {
      leave();
    }
  }
}

/**
 * The embedded server's own dialect hands the one session to every request at once, so that one request's
 * `set local role` and transaction would reach into another's. Here a transaction keeps the session until it ends.
 */
function serialDialect(pglite: Pglite, turns: Turns) {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new SerialDriver(pglite, turns),
    createIntrospector: (db: Kysely<unknown>) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

class SerialDriver implements Driver {
  constructor(private readonly pglite: Pglite, private readonly turns: Turns) {}

  async acquireConnection(): Promise<SerialConnection> {
    return new SerialConnection(this.pglite, await this.turns.enter());
  }
  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    await (connection as SerialConnection).leave();
  }
  async beginTransaction(): Promise<void> {
    await this.pglite.exec("begin");
  }
  async commitTransaction(): Promise<void> {
    await keepExitCode(() => this.pglite.exec("commit"));
  }
  async rollbackTransaction(): Promise<void> {
    await this.pglite.exec("rollback");
  }
  async init(): Promise<void> {}
  async destroy(): Promise<void> {}
}

class SerialConnection implements DatabaseConnection {
  constructor(private readonly pglite: Pglite, readonly leave: () => void) {}

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, affectedRows } = await keepExitCode(() =>
      this.pglite.query<R>(query.sql, [...query.parameters])
    );
    return { rows, numAffectedRows: affectedRows === undefined ? undefined : BigInt(affectedRows) };
  }
  // deno-lint-ignore require-yield
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error("the embedded database does not stream");
  }
}

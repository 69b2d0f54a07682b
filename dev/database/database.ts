/** What the stack needs of a database, whichever engine is behind it. */
import type { Connection } from "@supabase/lite";

/** One row, keyed by column name. */
export type Row = Record<string, unknown>;

/** A database with full rights, before any role is taken on. */
export interface Database {
  /** The connection the embedded Auth and Data API run on. */
  readonly connection: Connection;
  /** The engine and its version, such as `PostgreSQL 17.5`. */
  readonly version: string;
  /** Runs one statement; `$1`, `$2`, … take the parameters. */
  query<T extends Row = Row>(sql: string, parameters?: readonly unknown[]): Promise<T[]>;
  /** Runs many statements (no parameters) in one transaction, then the rest of the work in that same one. */
  script(sql: string, then?: (query: Database["query"]) => Promise<void>): Promise<void>;
  /** Runs `work` while no other process that shares this database runs its own. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  /** Closes every connection; what was written stays. */
  close(): Promise<void>;
}

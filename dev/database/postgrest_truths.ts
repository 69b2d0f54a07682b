/** Where the embedded Data API would differ from PostgREST in what a caller may do or is told. */
import type { Connection } from "@supabase/lite";

/**
 * Stops the embedded server from granting everything on every table to the API roles at its first request,
 * so that the migrations' own grants hold, as they do on a hosted project. Call it before the first request.
 * @throws when the embedded server no longer has the switch this relies on
 */
export function keepGrantsAsMigrated(connection: Connection): void {
  // Private to TypeScript only: "unknown" makes the server look, grant, and then remember "active".
  const inner = connection as unknown as { rlsState?: string };
  if (inner.rlsState !== "unknown") {
    throw new Error("the embedded Data API changed: it would grant everything");
  }
  inner.rlsState = "active";
}

/** The type number of `timestamptz` in `pg_type`. */
export const TIMESTAMPTZ = 1184;

/**
 * A `timestamptz` as PostgREST writes it, RFC 3339: `2026-11-24 09:30:00+00` → `2026-11-24T09:30:00+00:00`.
 * @param text as Postgres prints it in UTC
 */
export function timestampAsPostgrest(text: string): string {
  return text.replace(" ", "T").replace(/([+-]\d\d)$/, "$1:00");
}

/**
 * Gives errors that the embedded Data API answers as an anonymous 500 the status, code, details and hint that
 * PostgREST gives them (its table of SQLSTATEs).
 */
export function translateSqlStates(connection: Connection): void {
  const normalize = connection.normalizeDbError.bind(connection);
  connection.normalizeDbError = (error: unknown) => {
    const normal = quieten(normalize(error) as SqlError | undefined);
    const status = typeof normal?.code === "string" ? postgrestStatus(normal.code) : undefined;
    if (!normal || status === undefined) return normal;
    // A `PGRST` error carries its own answer: PostgREST's contract for functions that raise, honoured by the server.
    const { code, message, detail, hint } = normal;
    const body = { code, message, details: detail ?? null, hint: hint ?? null };
    const raised = { code: "PGRST", detail: JSON.stringify({ status, headers: {} }) };
    return quieten(Object.assign(new Error(JSON.stringify(body)), raised), normal);
  };
}

/**
 * The embedded server prints every error it answers, with its query and parameters, which would print secrets:
 * one line with the state and the message is what a person at the console can use.
 */
function quieten<T>(error: T, line = error as SqlError): T {
  if (typeof error === "object" && error !== null) {
    const value = () => `Data API error ${line.code ?? ""}: ${line.message}`;
    Object.defineProperty(error, Symbol.for("Deno.customInspect"), { value, configurable: true });
  }
  return error;
}

interface SqlError {
  code?: string;
  message: string;
  detail?: string;
  hint?: string;
}

/** SQLSTATEs that Auth or the Data API look at themselves, and answer rightly. */
const LEFT_ALONE = /^(?:PGRST|PT...|42...|22...|21...|23502|23503|23505|25006|55...)$/;

/** PostgREST's status for a SQLSTATE, or `undefined` where the embedded server already answers it so. */
function postgrestStatus(code: string): number | undefined {
  // The driver's own words for a server that is away or has just gone.
  if (/^(?:CONNECT(?:ION)?_|ECONN|EPIPE|ETIMEDOUT|57P0)/.test(code)) return 503;
  if (!/^[0-9A-Z]{5}$/.test(code) || LEFT_ALONE.test(code)) return undefined;
  if (code === "P0001") return 400;
  if (code === "53400") return 500;
  if (/^(?:08|53|57P01)/.test(code)) return 503;
  if (/^(?:0L|0P|28)/.test(code)) return 403;
  if (/^(?:09|25|2D|38|39|3B|40|54|57|58|F0|HV|P0|XX)/.test(code)) return 500;
  return 400;
}

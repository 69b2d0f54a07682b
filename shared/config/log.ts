/** One structured line a request: enough to find what happened, nothing that is a secret. */

export interface LogLine {
  readonly level: "info" | "warn" | "error";
  readonly request_id: string;
  readonly method: string;
  /** The route's pattern, such as `/resources/:id`; never the path or query that was sent. */
  readonly route: string;
  readonly status: number;
  readonly ms: number;
  /** Public name of the principal, such as `user:7`; absent before admission. */
  readonly principal?: string;
  readonly code?: string;
  /** What was behind an error, for operators. */
  readonly cause?: string;
}

export type Log = (line: LogLine) => void;

/** Writes the line as JSON to standard output, where the platform collects it. */
export function logToConsole(line: LogLine): void {
  // deno-lint-ignore no-console
  console.log(JSON.stringify(line));
}

const SECRET =
  /\b(?:ia_(?:live|test)_[0-9A-Za-z]{10}_[0-9A-Za-z]+|ia_(?:ticket|invite)_[0-9A-Za-z]+|sb_secret_\S+|eyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?)/g;

/**
 * The chain of causes of an error as text, at most 1,000 characters, with anything that looks like a
 * credential cut out.
 */
export function describeCause(error: unknown): string | undefined {
  const parts: string[] = [];
  for (let cause = error; cause !== undefined && cause !== null && parts.length < 4;) {
    if (cause instanceof Error) {
      parts.push(`${cause.name}: ${cause.message}`);
      cause = cause.cause;
    } else {
      parts.push(typeof cause === "string" ? cause : JSON.stringify(cause));
      break;
    }
  }
  return parts.length > 0 ? parts.join(" < ").replace(SECRET, "[secret]").slice(0, 1000) : undefined;
}

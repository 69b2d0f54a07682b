/** The command line of the local stack. */
import { parseArgs } from "node:util";
import type { StackOptions } from "./stack.ts";
import { StackError } from "./stack_error.ts";

export const USAGE = `Usage: deno task dev [flags]

Starts the whole project on one port of 127.0.0.1: API, Supabase Auth, Data API and web page.

  --port N               port to listen on (default 54321; 0 = any free one)
  --ephemeral            keep nothing: the data ends with the process
  --db URL               use this Postgres server in place of the embedded database
  --signing-keys FILE    sign tokens with the private ES256 JWKs of this file
  --legacy-jwt-secret S  use this HS256 secret (at least 32 bytes) in place of the kept one
  --no-rate-limit        switch rate limits off
  --no-web               leave the web page out
  --help                 show this

INFRAAUDIT_FOLDER names the folder that keeps the data, in place of .infraaudit.`;

/**
 * Reads the flags.
 * @returns the options, or `"help"` when that is asked for
 * @throws StackError that names the flag that is unknown or wrong
 */
export function parseOptions(args: string[]): StackOptions | "help" {
  let values;
  try {
    ({ values } = parseArgs({
      args,
      strict: true,
      allowPositionals: false,
      options: {
        port: { type: "string" },
        ephemeral: { type: "boolean" },
        db: { type: "string" },
        "signing-keys": { type: "string" },
        "legacy-jwt-secret": { type: "string" },
        "no-rate-limit": { type: "boolean" },
        "no-web": { type: "boolean" },
        help: { type: "boolean" },
      },
    }));
  } catch (error) {
    throw new StackError(`${(error as Error).message}\n\n${USAGE}`);
  }
  if (values.help) return "help";
  if (values.ephemeral && values.db) throw new StackError("--ephemeral and --db can't be used together.");
  const secret = values["legacy-jwt-secret"];
  if (secret !== undefined && new TextEncoder().encode(secret).length < 32) {
    throw new StackError("--legacy-jwt-secret must be at least 32 bytes.");
  }
  return {
    port: parsePort(values.port ?? "54321"),
    ephemeral: values.ephemeral ?? false,
    folder: Deno.env.get("INFRAAUDIT_FOLDER") || undefined,
    databaseUrl: values.db === undefined ? undefined : parseDatabaseUrl(values.db),
    signingKeysFile: values["signing-keys"],
    legacyJwtSecret: secret,
    rateLimits: !values["no-rate-limit"],
    web: !values["no-web"],
  };
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(port <= 65535)) throw new StackError(`--port takes a number from 0 to 65535, not "${text}".`);
  return port;
}

function parseDatabaseUrl(text: string): string {
  if (!/^postgres(?:ql)?:\/\/./.test(text) || !URL.canParse(text)) {
    throw new StackError("--db takes a URL such as postgres://postgres@127.0.0.1:5432/infraaudit.");
  }
  return text;
}

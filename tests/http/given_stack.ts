/** A stack that was started elsewhere, such as `npx supabase start`, for the HTTP suites to run against. */
import assert from "node:assert/strict";
import { openPostgres } from "../../dev/database/postgres.ts";
import { listen } from "../../dev/gateway/server.ts";
import { readSigningKeys } from "../../dev/auth/signing_keys.ts";
import type { Stack } from "../../dev/stack.ts";
import { toFunctionPath } from "../../shared/http/public_paths.ts";

/** Set by scripts/test_supabase.ts; all of them or none. */
const VARIABLES = [
  "TEST_SUPABASE_URL",
  "TEST_SUPABASE_PUBLISHABLE_KEY",
  "TEST_SUPABASE_SECRET_KEY",
  "TEST_SUPABASE_DB_URL",
  "TEST_SUPABASE_SIGNING_KEYS_FILE",
] as const;
type Given = Record<(typeof VARIABLES)[number], string>;

/** Where the given stack itself is, without the public paths; undefined where none is given. */
export const GIVEN_SUPABASE_URL = Deno.env.get(VARIABLES[0]);
/** Whether the suites run on a stack that they did not start. */
export const IS_STACK_GIVEN = GIVEN_SUPABASE_URL !== undefined;

/**
 * Opens the stack that the environment names, behind the public paths: functions of a bare project have none.
 * @throws AssertionError when a variable is missing, or the stack is not on this machine: suites write and delete
 */
export async function openGivenStack(): Promise<Stack> {
  const given = Object.fromEntries(VARIABLES.map((name) => {
    const value = Deno.env.get(name);
    assert.ok(value, `${name} is missing`);
    return [name, value];
  })) as Given;
  for (const name of ["TEST_SUPABASE_URL", "TEST_SUPABASE_DB_URL"] as const) {
    assert.match(
      new URL(given[name]).hostname,
      /^(?:127\.0\.0\.1|localhost)$/,
      `${name} must be of this machine`,
    );
  }
  const supabaseUrl = given.TEST_SUPABASE_URL;
  const database = await openPostgres(given.TEST_SUPABASE_DB_URL);
  const [signingKey] = await readSigningKeys(given.TEST_SUPABASE_SIGNING_KEYS_FILE);
  const server = listen(0);
  server.serve((request) => passOn(request, supabaseUrl));
  return {
    url: server.url,
    publishableKey: given.TEST_SUPABASE_PUBLISHABLE_KEY,
    secretKey: given.TEST_SUPABASE_SECRET_KEY,
    // Signs what must be refused; what must be accepted is an ownStackTest.
    jwtSecret: crypto.randomUUID(),
    issuer: `${supabaseUrl}/auth/v1`,
    signingKey: signingKey!,
    database,
    stop: async () => {
      await server.close();
      await database.close();
    },
  };
}

/** Why HS256 tokens can't be made for a given stack. */
export const NO_SHARED_SECRET = "whose legacy secret is not ours to know";

/** A test of what only a stack of our own can show; elsewhere it is skipped, and says why. */
export function ownStackTest(name: string, why: string | undefined, body: () => Promise<void>): void {
  const isSkipped = IS_STACK_GIVEN && why !== undefined;
  // deno-lint-ignore no-console
  if (isSkipped) console.warn(`skipped on a given stack, ${why}: ${name}`);
  Deno.test({ name, ignore: isSkipped, fn: body });
}

async function passOn(request: Request, supabaseUrl: string): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const path = toFunctionPath(pathname);
  const target = supabaseUrl + (path === undefined ? pathname : `/functions/v1${path}`) + search;
  const response = await fetch(new Request(target, request), { redirect: "manual", signal: request.signal });
  const headers = new Headers(response.headers);
  // fetch has unpacked the body.
  headers.delete("content-encoding");
  headers.delete("content-length");
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}

/** Stacks with a real Supabase Auth server, where `deno task test:auth` gives one. */
import { type Stack, type StackOptions, startStack } from "../../dev/stack.ts";
import { copyAuthDatabase } from "../../scripts/auth_database.ts";
import { type RealAuthServer, startAuthServer } from "../../scripts/auth_server.ts";

/** Set by scripts/test_auth.ts: Auth's program, and the database to copy. */
const BINARY = Deno.env.get("TEST_AUTH_BINARY");
const TEMPLATE = Deno.env.get("TEST_AUTH_TEMPLATE");

/** Whether the suites run on a real Auth server. */
export const IS_AUTH_REAL = BINARY !== undefined && TEMPLATE !== undefined;

/** A stack and the Auth server behind it. */
export interface AuthStack extends Stack, AsyncDisposable {
  readonly authServer: RealAuthServer;
}

/**
 * Starts a stack with a real Auth server on a database of its own, gone when it stops.
 * @param variables for Auth, over a project's; told the stack's URL
 */
export async function startAuthStack(
  options: StackOptions = {},
  variables: (url: string) => Record<string, string> = () => ({}),
): Promise<AuthStack> {
  const database = await copyAuthDatabase(TEMPLATE!);
  let authServer: RealAuthServer | undefined;
  const stack = await startStack({
    port: 0,
    web: false,
    rateLimits: false,
    ...options,
    ephemeral: false,
    databaseUrl: database.url,
    authServer: async (project) => {
      authServer = await startAuthServer(BINARY!, database.authUrl, project, variables(project.url));
      return authServer;
    },
  });
  const stop = async () => {
    await stack.stop();
    await database[Symbol.asyncDispose]();
  };
  return { ...stack, authServer: authServer!, stop, [Symbol.asyncDispose]: stop };
}

/** A test of what only a real Auth server shows; skipped aloud without one. */
export function realAuthTest(name: string, body: (t: Deno.TestContext) => Promise<void>): void {
  // deno-lint-ignore no-console
  if (!IS_AUTH_REAL) console.warn(`skipped, for want of a real Auth server (deno task test:auth): ${name}`);
  Deno.test({ name, ignore: !IS_AUTH_REAL, fn: body });
}

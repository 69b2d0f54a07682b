/** The local stack with homes on it, signed in as the cast, for tests of the command against the real thing. */
import assert from "node:assert/strict";
import { startStack } from "../../dev/stack.ts";
import { Home } from "./infraudit_process.ts";

export const PASSWORD = "your-password";

/** A running stack and the homes made for it. */
export interface StackHomes {
  url: string;
  /** A home that knows the stack's URL, signed out. */
  newHome(env?: Record<string, string>): Home;
  /** A home signed in as one of the seed's people, such as `user@example.com`. */
  signIn(email: string): Promise<Home>;
}

/** Starts a stack in memory, runs the work, and takes everything away again. */
export async function withStack(work: (stack: StackHomes) => Promise<void>): Promise<void> {
  const stack = await startStack({ port: 0, ephemeral: true, web: false, rateLimits: false });
  const homes: Home[] = [];
  const newHome = (env: Record<string, string> = {}) => {
    const home = new Home({ INFRAUDIT_SERVER_URL: stack.url, ...env });
    homes.push(home);
    return home;
  };
  const signIn = async (email: string) => {
    const home = newHome();
    const args = ["auth", "login", "--email", email, "--password-stdin"];
    const { code, stderr } = await home.run(args, { stdin: `${PASSWORD}\n` });
    assert.equal(code, 0, stderr);
    return home;
  };
  try {
    await work({ url: stack.url, newHome, signIn });
  } finally {
    for (const home of homes) await home[Symbol.asyncDispose]();
    await stack.stop();
  }
}

/** The stack that benchmarks run against: without limits, on a real server where TEST_DATABASE_URL names one. */
import { type Stack, startStack } from "../dev/stack.ts";
import { freshDatabase, TEST_DATABASE_URL } from "../tests/real_postgres.ts";

/**
 * Starts it; it stops with the process. A database made for it on a server stays: give it one that is thrown away
 * (scripts/with_postgres.ts).
 */
export async function startBenchStack(): Promise<Stack> {
  const fresh = TEST_DATABASE_URL ? await freshDatabase(TEST_DATABASE_URL) : undefined;
  const stack = await startStack({
    port: 0,
    ephemeral: !fresh,
    databaseUrl: fresh?.url,
    web: false,
    variables: { RATE_LIMIT_REQUESTS_PER_MINUTE: "100000000" },
  });
  addEventListener("unload", () => void stack.stop());
  return stack;
}

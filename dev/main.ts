/** Starts the local stack from the command line and keeps it until Ctrl-C. */
// deno-lint-ignore-file no-console
import { parseOptions, USAGE } from "./options.ts";
import { startStack } from "./stack.ts";
import { StackError } from "./stack_error.ts";

try {
  const options = parseOptions(Deno.args);
  if (options === "help") {
    console.log(USAGE);
    Deno.exit(0);
  }
  const asked = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, () => resolve());
  });
  // Standard output is for programs: the variables, then READY. Talk goes to standard error.
  const stack = await startStack({ ...options, log: (line) => console.error(JSON.stringify(line)) });
  console.log(`SUPABASE_URL=${stack.url}`);
  console.log(`SUPABASE_PUBLISHABLE_KEY=${stack.publishableKey}`);
  console.log(`SUPABASE_SECRET_KEY=${stack.secretKey}`);
  console.log(`SUPABASE_JWT_SECRET=${stack.jwtSecret}`);
  console.log(`READY ${stack.url}`);
  await asked;
  await stack.stop();
  Deno.exit(0);
} catch (error) {
  console.error(error instanceof StackError ? error.message : error);
  Deno.exit(1);
}

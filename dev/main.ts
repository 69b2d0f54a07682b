/** Starts the local stack from the command line and keeps it until Ctrl-C. */
// deno-lint-ignore-file no-console
import { parseOptions, USAGE } from "./options.ts";
import { startStack } from "./stack.ts";
import { StackError } from "./stack_error.ts";
import { buildWeb } from "./gateway/web.ts";

// Standard output is for programs: the variables, then READY. Talk and log lines go to standard error.
try {
  const options = parseOptions(Deno.args);
  if (options === "help") {
    console.log(USAGE);
    Deno.exit(0);
  }
  const asked = askedToStop();
  console.error("Starting; the first start makes the database and takes some seconds longer.");
  const built = options.web ? buildWeb(new URL("../", import.meta.url)) : undefined;
  const stack = await startStack({ ...options, log: (line) => console.error(JSON.stringify(line)) });
  const fault = await built;
  if (fault) console.error(`${fault}\nThe web page could not be built; the API works without it.`);
  console.error(
    `People: user@, admin@, viewer@, owner@ and stranger@example.com, each with "your-password".\n` +
      `Mail: ${stack.url}/dev/mailbox. Ctrl-C stops.`,
  );
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

/** Resolves at the first Ctrl-C or termination; a second one ends the process as it stands. */
function askedToStop(): Promise<void> {
  let isAsked = false;
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      // Windows has no SIGTERM to listen to.
      if (signal === "SIGTERM" && Deno.build.os === "windows") continue;
      Deno.addSignalListener(signal, () => {
        if (isAsked) Deno.exit(130);
        isAsked = true;
        resolve();
      });
    }
  });
}

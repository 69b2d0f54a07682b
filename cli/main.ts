#!/usr/bin/env node
/** The `infraudit` command's entry on Deno and Node: arguments in, exit code out. */
import process from "node:process";

// Before anything is loaded: whatever the arguments hold disappears from the process list.
process.title = "infraudit";
// Should the program ever end without saying how, that is a failure and no success.
process.exitCode = 3;

// A fault of the program itself must never end in 1, which says that something was found.
for (const fault of ["uncaughtException", "unhandledRejection"] as const) {
  process.on(fault, (error: unknown) => {
    process.stderr.write(
      `infraudit failed: ${error instanceof Error ? error.name : "an unexpected fault"}\n`,
    );
    process.exit(3);
  });
}

const { runCli } = await import("./run_cli.ts").catch((cause: Error) => {
  // Nothing was read yet that would have to stay secret.
  process.stderr.write(
    `infraudit can't be loaded: ${cause.message}\n` +
      "`deno install` needs --config with the repository's deno.json: see docs/cli.md.\n",
  );
  return process.exit(3);
});
process.exit(await runCli(process.argv.slice(2)));

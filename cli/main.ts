/** The `infraudit` command's entry on Deno and Node: arguments in, exit code out. */
import process from "node:process";

// Before anything is loaded: whatever the arguments hold disappears from the process list.
process.title = "infraudit";

// A fault of the program itself must never end in 1, which says that something was found.
for (const fault of ["uncaughtException", "unhandledRejection"] as const) {
  process.on(fault, (error: unknown) => {
    process.stderr.write(
      `infraudit failed: ${error instanceof Error ? error.name : "an unexpected fault"}\n`,
    );
    process.exit(3);
  });
}

const { runCli } = await import("./run_cli.ts");
process.exit(await runCli(process.argv.slice(2)));

/** The `infraudit` command's entry on Deno and Node: arguments in, exit code out. */
import process from "node:process";

// Before anything is loaded: whatever the arguments hold disappears from the process list.
process.title = "infraudit";

const { runCli } = await import("./run_cli.ts");
process.exit(await runCli(process.argv.slice(2)));

/** Runs a command with TEST_DATABASE_URL set to a PostgreSQL server made for it: with_postgres.ts COMMAND… */
import { startPostgres } from "./postgres_server.ts";

const [program, ...args] = Deno.args;
if (!program) throw new Error("Name the command to run.");
// Ctrl-C ends the command; the server is then stopped as at any end.
for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, () => {});
await using server = await startPostgres();
const { code } = await new Deno.Command(program, { args, env: { TEST_DATABASE_URL: server.url } }).spawn()
  .status;
// Not Deno.exit, which would leave the server running.
Deno.exitCode = code;

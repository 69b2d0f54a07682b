/** Runs the HTTP suites against a real Supabase Auth server (`SUPABASE_AUTH_BIN`), each file on a database of its own. */
// deno-lint-ignore-file no-console
import { fileURLToPath } from "node:url";
import { createAuthTemplate } from "./auth_database.ts";
import { startPostgres } from "./postgres_server.ts";

const ROOT = new URL("../", import.meta.url);
const binary = Deno.env.get("SUPABASE_AUTH_BIN");

/** Suites that show what the embedded Auth alone can, and why. */
const LEFT_OUT: Record<string, string> = {
  "realtime_test.ts": "it has nothing to do with signing in",
  "stream_life_test.ts": "it restarts a stack without Auth in mind",
};

/** The suites' files: those that are named, or all. */
async function suites(named: string[]): Promise<string[]> {
  if (named.length > 0) return named;
  const found: string[] = [];
  for (const folder of ["tests/http", "tests/real_auth"]) {
    for await (const { name } of Deno.readDir(new URL(`${folder}/`, ROOT))) {
      if (name.endsWith("_test.ts") && !(name in LEFT_OUT)) found.push(`${folder}/${name}`);
    }
  }
  return found.sort();
}

if (!binary) {
  console.log(
    "skipped: SUPABASE_AUTH_BIN names no Supabase Auth server (docs/local-stack.md says how to build one).",
  );
} else {
  const { success, stdout } = await new Deno.Command(binary, { args: ["version"], stderr: "null" }).output();
  if (!success) throw new Error(`${binary} is not a Supabase Auth server.`);
  console.log(`Supabase Auth ${new TextDecoder().decode(stdout).trim()}`);
  for (const [name, why] of Object.entries(LEFT_OUT)) console.log(`left out: ${name}, for ${why}`);
  // Ctrl-C ends the tests; the server is then stopped as at any end.
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, () => {});
  await using server = await startPostgres();
  await using template = await createAuthTemplate(server.url, binary);
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", "--parallel", ...await suites(Deno.args)],
    cwd: fileURLToPath(ROOT),
    env: { TEST_AUTH_BINARY: binary, TEST_AUTH_TEMPLATE: template.url },
  }).spawn().status;
  Deno.exitCode = code;
}

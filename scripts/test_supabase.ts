/** Runs the HTTP suites on `npx supabase start`: each file on a database of its own, as on the embedded stack. */
// deno-lint-ignore-file no-console
import { fileURLToPath } from "node:url";
import { LOCAL_WORKDIR } from "./prepare_local.ts";
import { runSupabase } from "./supabase_cli.ts";

const ROOT = new URL("../", import.meta.url);

/** Suites that show what only the embedded stack can, and why. */
const LEFT_OUT: Record<string, string> = {
  "audit_events_test.ts": "it knows the client's address, which the network of containers changes",
  "canary_test.ts": "it looks at what the functions send and log, in their own process",
  "invite_mail_test.ts": "it reads the embedded stack's mailbox",
  "stream_life_test.ts": "it restarts the stack",
  "unreachable_test.ts": "it runs the functions against a project that does not answer",
};

/** What `supabase status` says of a running stack. */
interface Status {
  API_URL: string;
  DB_URL: string;
  PUBLISHABLE_KEY: string;
  SECRET_KEY: string;
}

async function supabase(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runSupabase([...args, "--workdir", LOCAL_WORKDIR]);
  if (code !== 0) throw new Error(`supabase ${args.join(" ")} failed:\n${stderr || stdout}`);
  return stdout;
}

/** The suites' files, by name. */
async function suites(): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(new URL("tests/http/", ROOT))) {
    if (name.endsWith("_test.ts") && !(name in LEFT_OUT)) names.push(name);
  }
  return names.sort();
}

async function runSuite(name: string): Promise<boolean> {
  await supabase("db", "reset", "--local", "--yes");
  const status: Status = JSON.parse(await supabase("status", "--output", "json"));
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", `tests/http/${name}`],
    cwd: fileURLToPath(ROOT),
    env: {
      TEST_SUPABASE_URL: status.API_URL,
      TEST_SUPABASE_DB_URL: status.DB_URL,
      TEST_SUPABASE_PUBLISHABLE_KEY: status.PUBLISHABLE_KEY,
      TEST_SUPABASE_SECRET_KEY: status.SECRET_KEY,
      TEST_SUPABASE_SIGNING_KEYS_FILE: `${LOCAL_WORKDIR}/supabase/signing_keys.json`,
    },
  }).spawn().status;
  return success;
}

for (const [name, why] of Object.entries(LEFT_OUT)) console.log(`left out: ${name}, for ${why}`);
const failed: string[] = [];
for (const name of await suites()) {
  if (!await runSuite(name)) failed.push(name);
}
if (failed.length > 0) {
  console.error(`Failed on supabase start: ${failed.join(", ")}`);
  Deno.exitCode = 1;
}

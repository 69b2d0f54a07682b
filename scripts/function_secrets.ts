/** The functions' own settings as secrets of a hosted project: function_secrets.ts check|set [flags of the CLI]. */
// deno-lint-ignore-file no-console
import { OWN_VARIABLES, readEnv } from "../shared/config/env.ts";
import { runSupabase } from "./supabase_cli.ts";

/** Stands for what the platform will set, so that only our own part is judged. */
const PLATFORM = {
  SUPABASE_URL: "https://project.supabase.co",
  SUPABASE_PUBLISHABLE_KEYS: '{"default":"set by the platform"}',
  SUPABASE_SECRET_KEYS: '{"default":"set by the platform"}',
};

/**
 * What docs/configuration.md lists for a hosted project, checked as at the functions' start.
 * @param variables of the environment; those in `ENVIRONMENT_VARIABLES` (JSON, as `toJSON(vars)` of GitHub Actions)
 * count too; empty is absent
 * @returns those that are set
 * @throws Error that names what is missing or wrong, without its value
 */
export function ownSettings(variables: Record<string, string | undefined>): Map<string, string> {
  const all = { ...JSON.parse(variables.ENVIRONMENT_VARIABLES || "{}"), ...withoutEmpty(variables) };
  const own = new Map(OWN_VARIABLES.filter((name) => all[name]).map((name) => [name, all[name] as string]));
  readEnv({ ...Object.fromEntries(own), ...PLATFORM });
  for (const [name, value] of own) {
    if (/['\n]/.test(value)) throw new Error(`${name} must be one line without a single quote.`);
  }
  return own;
}

/**
 * Sets what is there and removes what is not, of the project's own names only: `secrets set` alone never removes.
 * @param flags such as `--remote=<ref>`
 * @returns the names that were set and removed
 * @throws Error when a command fails, with the CLI's words
 */
export async function setSecrets(own: Map<string, string>, flags: string[]) {
  const listed = JSON.parse(await supabase(["secrets", "list", "--output-format", "json", ...flags]));
  const present = (listed.secrets as { name: string }[]).map(({ name }) => name);
  const removed = OWN_VARIABLES.filter((name) => present.includes(name) && !own.has(name));
  // A file, since arguments are seen in the process list.
  const file = await Deno.makeTempFile({ suffix: ".env" });
  try {
    const lines = [...own].map(([name, value]) => `${name}='${value}'\n`);
    await Deno.writeTextFile(file, lines.join(""), { mode: 0o600 });
    await supabase(["secrets", "set", "--yes", "--env-file", file, ...flags]);
  } finally {
    await Deno.remove(file);
  }
  if (removed.length > 0) await supabase(["secrets", "unset", "--yes", ...removed, ...flags]);
  return { set: [...own.keys()], removed };
}

async function supabase(args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runSupabase(args);
  if (code !== 0) throw new Error(`supabase ${args[0]} ${args[1]} failed: ${stderr || stdout}`);
  return stdout;
}

function withoutEmpty(variables: Record<string, string | undefined>) {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value));
}

if (import.meta.main) {
  const [step = "", ...flags] = Deno.args;
  try {
    const own = ownSettings(Deno.env.toObject());
    if (step === "check") console.log(`complete: ${[...own.keys()].join(", ")}`);
    else if (step === "set") {
      const { set, removed } = await setSecrets(own, flags);
      console.log(`set: ${set.join(", ")}\nremoved: ${removed.join(", ") || "nothing"}`);
    } else throw new Error("Say check or set.");
  } catch (error) {
    console.error((error as Error).message);
    Deno.exit(1);
  }
}

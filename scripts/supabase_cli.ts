/** Runs the Supabase CLI, in the one version this project is made for. */
import { fileURLToPath } from "node:url";

export const SUPABASE_CLI = "supabase@3.1.0";
const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** What a run ended with. */
export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command of the CLI in the repository.
 * @param args such as `["migration", "up"]`
 * @param env beside the process's own
 * @returns its output, whatever its exit code
 */
export async function runSupabase(args: string[], env: Record<string, string> = {}): Promise<CliResult> {
  const { code, stdout, stderr } = await new Deno.Command("npx", {
    args: ["-y", SUPABASE_CLI, ...args],
    cwd: ROOT,
    env: { SUPABASE_TELEMETRY_DISABLED: "1", ...env },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

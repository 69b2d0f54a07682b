/** Deploys with the real Supabase CLI to a Management API on the loopback. */
import assert from "node:assert/strict";
import { runSupabase } from "../../scripts/supabase_cli.ts";
import { ACCESS_TOKEN, type ManagementApi, PROJECT_REF } from "./fake_management_api.ts";

/**
 * Runs `secrets set` and `functions deploy`, as the deploy workflow does.
 * @param secrets what the functions are to find in their environment
 * @throws AssertionError with the CLI's output when a command fails
 */
export async function deployTo(api: ManagementApi, secrets: Record<string, string>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "infraaudit-deploy-" });
  try {
    const urls = ["api_url", "dashboard_url", "docs_url"].map((name) => `${name}: "${api.url}"`);
    await Deno.writeTextFile(
      `${folder}/profile.yaml`,
      ["name: dry", "project_host: 127.0.0.1", ...urls].join("\n"),
    );
    const lines = Object.entries(secrets).map(([name, value]) => `${name}='${value}'`);
    await Deno.writeTextFile(`${folder}/secrets.env`, lines.join("\n"), { mode: 0o600 });
    const target = [`--remote=${PROJECT_REF}`, "--profile", `${folder}/profile.yaml`, "--yes"];
    await run(["secrets", "set", "--env-file", `${folder}/secrets.env`, ...target]);
    await run(["functions", "deploy", "--use-api", ...target]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function run(args: string[]): Promise<void> {
  const env = { SUPABASE_ACCESS_TOKEN: ACCESS_TOKEN, SUPABASE_PROJECT_ID: PROJECT_REF };
  const { code, stdout, stderr } = await runSupabase(args, env);
  assert.equal(code, 0, `supabase ${args[0]} ${args[1]}:\n${stdout}${stderr}`);
}

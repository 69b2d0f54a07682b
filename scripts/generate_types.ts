/** Writes shared/db/types.ts from the migrations, as the Supabase CLI sees them in TEST_DATABASE_URL's server. */
import { createHostedDatabase } from "./hosted_database.ts";
import { runSupabase } from "./supabase_cli.ts";

export const TYPES_FILE = new URL("../shared/db/types.ts", import.meta.url);

/**
 * The types of schema `public` of a migrated database.
 * @throws Error with the CLI's words when it fails
 */
export async function renderTypes(databaseUrl: string): Promise<string> {
  const result = await runSupabase([
    "gen",
    "types",
    "typescript",
    `--remote=${databaseUrl}`,
    "--schema",
    "public",
  ]);
  if (result.code !== 0) throw new Error(result.stderr);
  // Before the types the CLI may say things about the connection.
  const start = result.stdout.indexOf("export type Json");
  if (start < 0) throw new Error(`no types in what the CLI printed: ${result.stdout.slice(0, 200)}`);
  return result.stdout.slice(start);
}

if (import.meta.main) {
  const server = Deno.env.get("TEST_DATABASE_URL");
  if (!server) throw new Error("Run it as deno task db:types, which starts a server for it.");
  await using database = await createHostedDatabase(server);
  const { code, stderr } = await runSupabase(["migration", "up", `--remote=${database.url}`, "--yes"]);
  if (code !== 0) throw new Error(stderr);
  await Deno.writeTextFile(TYPES_FILE, await renderTypes(database.url));
}

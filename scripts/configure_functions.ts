/** Writes one section for every function folder into supabase/config.toml. */

const SUPABASE = new URL("../supabase/", import.meta.url);
const CONFIG = new URL("config.toml", SUPABASE);
const SECTION = /\[functions\.\w+\]\n(?:\w.*\n)+\n?/g;

/** The names of all functions: the folders below supabase/functions. */
export async function findFunctions(): Promise<string[]> {
  const names: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(new URL("functions/", SUPABASE))) {
    if (isDirectory) names.push(name);
  }
  return names.sort();
}

/**
 * The configuration with its functions' sections made anew, where the first of them stands.
 * @param config text of config.toml
 */
export function withFunctions(config: string, names: readonly string[]): string {
  const sections = names.map((name) =>
    `[functions.${name}]\nverify_jwt = false\nentrypoint = "./functions/${name}/index.ts"\n` +
    `import_map = "./functions/import_map.json"\n\n`
  );
  const start = config.search(SECTION);
  const rest = config.replace(SECTION, "");
  return rest.slice(0, start) + sections.join("") + rest.slice(start);
}

if (import.meta.main) {
  const config = await Deno.readTextFile(CONFIG);
  await Deno.writeTextFile(CONFIG, withFunctions(config, await findFunctions()));
}

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
 * The configuration with its functions' sections made anew, at its end: each is deployed as the bundle that
 * `deno task functions:bundle` makes of it.
 * @param config text of config.toml
 */
export function withFunctions(config: string, names: readonly string[]): string {
  const sections = names.map((name) =>
    `\n[functions.${name}]\nverify_jwt = false\nentrypoint = "../dist/functions/${name}/index.js"\n` +
    `import_map = "../dist/functions/${name}/deno.json"\n`
  );
  return config.replace(SECTION, "").trimEnd() + "\n" + sections.join("");
}

if (import.meta.main) {
  const config = await Deno.readTextFile(CONFIG);
  await Deno.writeTextFile(CONFIG, withFunctions(config, await findFunctions()));
}

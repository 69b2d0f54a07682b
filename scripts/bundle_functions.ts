/** Bundles every function into one file before it is uploaded: bundle_functions.ts [FOLDER], else `dist/functions`. */
// deno-lint-ignore-file no-console
import * as esbuild from "esbuild";
import { fileURLToPath } from "node:url";
import { ONLY_ENGLISH } from "../cli/release/only_english.ts";
import { findFunctions } from "./configure_functions.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
/** Where `supabase/config.toml` says that the functions are. */
export const BUNDLES = `${ROOT}dist/functions`;

/**
 * Writes `<folder>/<name>/index.js`, which imports nothing but Node's own modules, `<folder>/<name>/deno.json`, which
 * keeps the CLI from looking for another import map, and `<folder>/maps/<name>.js.map`, which is not uploaded.
 * Names of functions and variables are kept, so that a stack trace names what is in the sources.
 * @returns the size of each function's bundle in bytes, by its name
 */
export async function bundleFunctions(folder = BUNDLES): Promise<Record<string, number>> {
  const names = await findFunctions();
  const { outputFiles } = await esbuild.build({
    entryPoints: Object.fromEntries(
      names.map((name) => [name, `${ROOT}supabase/functions/${name}/index.ts`]),
    ),
    outdir: folder,
    bundle: true,
    write: false,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["deno", "worker"],
    external: ["node:*"],
    target: "es2022",
    minifyWhitespace: true,
    minifySyntax: true,
    sourcemap: "external",
    sourcesContent: false,
    legalComments: "none",
    plugins: [ONLY_ENGLISH],
    absWorkingDir: ROOT,
    logLevel: "warning",
  }).finally(() => esbuild.stop());

  const sizes: Record<string, number> = {};
  for (const name of [...names, "maps"]) {
    await Deno.remove(`${folder}/${name}`, { recursive: true }).catch(() => {});
  }
  await Deno.mkdir(`${folder}/maps`, { recursive: true });
  for (const { path, contents } of outputFiles) {
    const [, name = "", isMap] = /([^/\\]+)\.js(\.map)?$/.exec(path) ?? [];
    if (isMap) {
      await Deno.writeFile(`${folder}/maps/${name}.js.map`, contents);
      continue;
    }
    await Deno.mkdir(`${folder}/${name}`);
    await Deno.writeFile(`${folder}/${name}/index.js`, contents);
    await Deno.writeTextFile(`${folder}/${name}/deno.json`, "{}\n");
    sizes[name] = contents.length;
  }
  return sizes;
}

if (import.meta.main) {
  for (const [name, bytes] of Object.entries(await bundleFunctions(Deno.args[0]))) {
    console.log(`${name.padEnd(12)} ${(bytes / 1e6).toFixed(2)} MB`);
  }
}

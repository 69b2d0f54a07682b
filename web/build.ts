/** Builds the page into `web/dist`: `deno run -A web/build.ts [--if-needed]`. */
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { hashInputs } from "./build_inputs.ts";
import { configFromEnv, originsOf, type PageConfig } from "./page_config.ts";
import { cacheControl, pageHeaders } from "./security_headers.ts";
import { DIST, viteOptions } from "./vite_options.ts";

const STAMP = "inputs.sha256";

if (import.meta.main) {
  const built = await buildPage({ ifNeeded: Deno.args.includes("--if-needed"), env: Deno.env.toObject() });
  Deno.stderr.writeSync(new TextEncoder().encode(built ? "web page built\n" : "web page is up to date\n"));
}

/**
 * Builds the page.
 * @param ifNeeded leave an existing build alone when nothing it was made from has changed
 * @param env see {@link configFromEnv}
 * @param directory where the build goes, with a slash at its end
 * @returns whether a build was made
 */
export async function buildPage(
  { ifNeeded, env, directory = DIST }: {
    ifNeeded: boolean;
    env: Record<string, string | undefined>;
    directory?: string;
  },
): Promise<boolean> {
  const config = configFromEnv(env);
  const hash = await hashInputs(JSON.stringify(config ?? null));
  if (ifNeeded && hash === await readFile(directory + STAMP, "utf8").catch(() => "")) return false;
  // Built aside and then swapped: a stack that serves the old build never meets half of a new one.
  const aside = `${directory.replace(/\/$/, "")}-${crypto.randomUUID()}/`;
  try {
    const { build } = await import("vite");
    await build({ ...viteOptions(aside), logLevel: "warn" });
    await writeHostFiles(aside, config);
    await writeFile(aside + STAMP, hash);
    await rm(directory, { recursive: true, force: true });
    await rename(aside, directory);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return true;
}

/** Files that static hosts read: `_headers` and `_redirects` (Netlify, Cloudflare Pages), `config.json`. */
async function writeHostFiles(directory: string, config: PageConfig | undefined): Promise<void> {
  const lines = Object.entries(pageHeaders(originsOf(config))).map(([name, value]) => `  ${name}: ${value}`);
  const headers = ["/*", ...lines, "/assets/*", `  cache-control: ${cacheControl("/assets/x")}`, ""];
  await writeFile(directory + "_headers", headers.join("\n"));
  await writeFile(directory + "_redirects", "/* /index.html 200\n");
  if (config) await writeFile(directory + "config.json", JSON.stringify(config));
}

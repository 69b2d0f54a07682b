/** Builds the npm package: one bundle for Node 20 and newer with everything in it, packed as a tarball. */
import { execFile } from "node:child_process";
import { chmod, copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import * as esbuild from "esbuild";
import { makeManPages } from "./release/man_pages.ts";
import { ONLY_ENGLISH } from "./release/only_english.ts";
import { VERSION } from "./version.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** CommonJS packages inside an ESM bundle ask for Node's own modules by `require`. */
const BANNER = 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);';

/** Known in a release only: a fork must not name somebody else's home. */
const REPOSITORY = process.env.GITHUB_REPOSITORY;

const MANIFEST = {
  name: "infraudit",
  version: VERSION,
  description: "InfraAudit from the command line",
  license: "Apache-2.0",
  type: "module",
  bin: { infraudit: "infraudit.mjs" },
  files: ["infraudit.mjs", "parts", "man", "LICENSE", "README.md"],
  engines: { node: ">=20" },
  keywords: ["infraudit", "terraform", "drift", "security", "audit"],
  ...REPOSITORY && {
    repository: { type: "git", url: `git+https://github.com/${REPOSITORY}.git` },
    homepage: `https://github.com/${REPOSITORY}#readme`,
    bugs: `https://github.com/${REPOSITORY}/issues`,
  },
  publishConfig: { access: "public", provenance: true },
};

/** Every Node that the package supports has the faster of undici's two parsers. */
const ONE_PARSER: esbuild.Plugin = {
  name: "one-parser",
  setup(build) {
    build.onLoad({ filter: /llhttp[\\/]llhttp-wasm\.js$/ }, () => ({
      contents: 'module.exports = require("./llhttp_simd-wasm.js");',
    }));
  },
};

/**
 * Bundles the command for Node: an entry and the parts it loads when they are needed, minified.
 * @param folder where to; the entry is `infraudit.mjs`
 */
export async function bundle(folder: string): Promise<void> {
  try {
    await esbuild.build({
      entryPoints: { infraudit: join(ROOT, "cli/main.ts") },
      outdir: folder,
      outExtension: { ".js": ".mjs" },
      chunkNames: "parts/[name]-[hash]",
      bundle: true,
      splitting: true,
      minify: true,
      format: "esm",
      platform: "node",
      target: "node20",
      banner: { js: BANNER },
      legalComments: "external",
      define: { INFRAUDIT_REPOSITORY: JSON.stringify(REPOSITORY ?? "") },
      plugins: [ONLY_ENGLISH, ONE_PARSER],
      logLevel: "warning",
    });
  } finally {
    await esbuild.stop();
  }
  await chmod(join(folder, "infraudit.mjs"), 0o755);
}

/**
 * Bundles and packs.
 * @param folder where to, made anew: package.json, the bundle, README.md, LICENSE and the tarball
 * @returns the tarball's path
 */
export async function packForNpm(folder: string): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await bundle(folder);
  const pages = makeManPages();
  await mkdir(join(folder, "man"));
  for (const { file, text } of pages) await writeFile(join(folder, "man", file), text);
  const man = pages.map(({ file }) => `./man/${file}`);
  await writeFile(join(folder, "package.json"), JSON.stringify({ ...MANIFEST, man }, null, 2) + "\n");
  await copyFile(join(ROOT, "LICENSE"), join(folder, "LICENSE"));
  await copyFile(join(ROOT, "docs/cli.md"), join(folder, "README.md"));
  const { stdout } = await promisify(execFile)("npm", ["pack", "--json"], { cwd: folder });
  const [packed] = JSON.parse(stdout) as [{ filename: string }];
  return join(folder, packed.filename);
}

if (import.meta.main) {
  process.stdout.write(await packForNpm(join(ROOT, "dist/npm")) + "\n");
  process.exit(0);
}

/** Builds the npm package: one ESM file for Node 20 and newer with everything in it, packed as a tarball. */
import { execFile } from "node:child_process";
import { chmod, copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import * as esbuild from "esbuild";
import { VERSION } from "./version.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** CommonJS packages inside an ESM bundle ask for Node's own modules by `require`. */
const BANNER = `#!/usr/bin/env node
import { createRequire } from "node:module";
const require = createRequire(import.meta.url);`;

const MANIFEST = {
  name: "infraudit",
  version: VERSION,
  description: "InfraAudit from the command line",
  license: "Apache-2.0",
  type: "module",
  bin: { infraudit: "infraudit.mjs" },
  files: ["infraudit.mjs", "LICENSE", "README.md"],
  engines: { node: ">=20" },
};

/**
 * Bundles and packs.
 * @param folder where to, made anew: package.json, infraudit.mjs, README.md, LICENSE and the tarball
 * @returns the tarball's path
 */
export async function packForNpm(folder: string): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const bundle = join(folder, "infraudit.mjs");
  try {
    await esbuild.build({
      entryPoints: [join(ROOT, "cli/main.ts")],
      outfile: bundle,
      bundle: true,
      format: "esm",
      platform: "node",
      target: "node20",
      banner: { js: BANNER },
      legalComments: "inline",
      logLevel: "warning",
    });
  } finally {
    await esbuild.stop();
  }
  await chmod(bundle, 0o755);
  await writeFile(join(folder, "package.json"), JSON.stringify(MANIFEST, null, 2) + "\n");
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

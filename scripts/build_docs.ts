/** Builds the static site of docs/ into dist/docs, with a generator that is no dependency of this project. */
import { cp, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const VITEPRESS = "1.6.4";
const ROOT = fileURLToPath(new URL("../", import.meta.url));
const FOLDER = `${ROOT}dist/docs-build`;
const SITE = `${ROOT}dist/docs`;

await rm(`${FOLDER}/docs`, { recursive: true, force: true });
await mkdir(FOLDER, { recursive: true });
await cp(`${ROOT}docs`, `${FOLDER}/docs`, { recursive: true });
const manifest = { private: true, type: "module", dependencies: { vitepress: VITEPRESS } };
await writeFile(`${FOLDER}/package.json`, JSON.stringify(manifest));
await run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"]);
await run("npx", ["vitepress", "build", "docs"]);
await rm(SITE, { recursive: true, force: true });
await rename(`${FOLDER}/docs/.vitepress/dist`, SITE);

/** Where the copy of docs/ is, so that the generator finds its own packages. */
async function run(program: string, args: string[]): Promise<void> {
  const { success } = await new Deno.Command(program, { args, cwd: FOLDER }).spawn().status;
  if (!success) throw new Error(`${program} ${args.join(" ")} failed`);
}

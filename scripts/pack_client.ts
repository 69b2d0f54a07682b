/** Packs the typed client with its contracts as an npm package: plain modules and their types, zod beside them. */
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { VERSION } from "../cli/version.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const FOLDER = `${ROOT}dist/client`;
const TYPESCRIPT = "typescript@5.9.3";
const { imports } = JSON.parse(await readFile(`${ROOT}deno.json`, "utf8"));

/** A module of the package and where it is told apart from the contracts, which go by their own names. */
const ENTRIES = {
  ".": "client/client",
  "./events": "client/event_reader",
  "./failures": "client/client_failures",
};

const MANIFEST = {
  name: "infraudit-client",
  version: VERSION,
  description: "Typed client of the InfraAudit API",
  license: "Apache-2.0",
  type: "module",
  engines: { node: ">=20" },
  exports: {
    ...Object.fromEntries(
      Object.entries(ENTRIES).map((
        [name, file],
      ) => [name, { types: `./${file}.d.ts`, default: `./${file}.js` }]),
    ),
    "./contracts/*": { types: "./contracts/*.d.ts", default: "./contracts/*.js" },
  },
  files: ["client", "contracts", "README.md", "LICENSE"],
  dependencies: { zod: imports.zod.split("@").at(-1) },
  publishConfig: { access: "public", provenance: true },
};

/**
 * Compiles and packs into dist/client, made anew.
 * @returns the tarball's path
 */
export async function packClient(): Promise<string> {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  await run("npx", [
    ...[
      "-y",
      "-p",
      TYPESCRIPT,
      "tsc",
      "--outDir",
      FOLDER,
      "--rootDir",
      "shared",
      "--declaration",
      "--strict",
    ],
    ...["--target", "es2022", "--module", "esnext", "--moduleResolution", "bundler", "--skipLibCheck"],
    ...[
      "--lib",
      "es2024,dom,dom.iterable,dom.asynciterable",
      "--rewriteRelativeImportExtensions",
    ],
    ...await sources("client"),
    ...await sources("contracts"),
  ], ROOT);
  await useJavaScriptNames();
  await writeFile(`${FOLDER}/package.json`, JSON.stringify(MANIFEST, null, 2) + "\n");
  await copyFile(`${ROOT}LICENSE`, `${FOLDER}/LICENSE`);
  await copyFile(`${ROOT}docs/typescript-client.md`, `${FOLDER}/README.md`);
  const packed = await run("npm", ["pack", "--json", "--loglevel=error"], FOLDER);
  return `${FOLDER}/${JSON.parse(packed)[0].filename}`;
}

async function sources(room: string): Promise<string[]> {
  const names = await readdir(`${ROOT}shared/${room}`);
  return names.filter((name) => name.endsWith(".ts")).map((name) => `shared/${room}/${name}`);
}

/** The compiler rewrites imports in modules, and leaves them in declarations. */
async function useJavaScriptNames(): Promise<void> {
  for (const room of ["client", "contracts"]) {
    for (const name of await readdir(`${FOLDER}/${room}`)) {
      if (!name.endsWith(".d.ts")) continue;
      const file = `${FOLDER}/${room}/${name}`;
      const text = await readFile(file, "utf8");
      await writeFile(file, text.replace(/((?:from|import\() ?"\.{1,2}\/[^"]+)\.ts"/g, '$1.js"'));
    }
  }
}

async function run(program: string, args: string[], cwd: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args, cwd }).output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(`${program} failed:\n${decoder.decode(stdout)}${decoder.decode(stderr)}`);
  return decoder.decode(stdout);
}

if (import.meta.main) {
  Deno.stdout.writeSync(new TextEncoder().encode(`${await packClient()}\n`));
}

/** Guarantee: rooms import in one direction, and files stay small enough to be about one thing. */
import assert from "node:assert/strict";

const ROOT = new URL("../../", import.meta.url);

/** Room → rooms of ours, or packages, that it may import beside itself. */
const MAY_IMPORT: Record<string, string[]> = {
  "shared/contracts": ["npm:zod"],
  "shared/drift": ["npm:zod", "node:", "shared/contracts"],
  "shared/auth": ["npm:", "node:", "shared/contracts", "shared/db", "shared/http"],
  "shared/db": ["npm:", "node:", "shared/contracts", "shared/drift", "shared/http"],
  "shared/http": ["npm:", "node:", "shared/contracts", "shared/drift", "shared/auth", "shared/db"],
  "supabase/functions": ["npm:", "node:", "shared/", "openapi.json"],
  cli: ["npm:", "node:", "shared/contracts"],
  web: ["npm:", "node:", "shared/contracts"],
  dev: ["npm:", "node:", "shared/", "supabase/functions", "web"],
};
const NOBODY_IMPORTS = "tests";
const MOST_LINES = 300;
const SOURCE = /\.(?:ts|tsx|sql|css)$/;
/** Made by a tool. */
const GENERATED = new Set(["shared/db/types.ts"]);

const files = await tracked();

Deno.test("every import goes the allowed way", async () => {
  const wrong: string[] = [];
  for (const file of files.filter((file) => /\.tsx?$/.test(file))) {
    const room = Object.keys(MAY_IMPORT).find((room) => file.startsWith(`${room}/`));
    if (!room) continue;
    for (const target of await importsOf(file)) {
      const isOwn = target.startsWith(`${room}/`);
      if (!isOwn && !MAY_IMPORT[room]!.some((allowed) => target.startsWith(allowed))) {
        wrong.push(`${file} → ${target}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
});

Deno.test("nothing but tests and benches imports tests", async () => {
  const wrong: string[] = [];
  for (const file of files.filter((file) => /\.tsx?$/.test(file) && !/^(?:tests|bench)\//.test(file))) {
    if ((await importsOf(file)).some((target) => target.startsWith(`${NOBODY_IMPORTS}/`))) wrong.push(file);
  }
  assert.deepEqual(wrong, []);
});

Deno.test(`no source file is over ${MOST_LINES} lines`, async () => {
  const long: string[] = [];
  for (const file of files.filter((file) => SOURCE.test(file) && !GENERATED.has(file))) {
    const lines = (await Deno.readTextFile(new URL(file, ROOT))).split("\n").length - 1;
    if (lines > MOST_LINES) long.push(`${file}: ${lines}`);
  }
  assert.deepEqual(long, []);
});

Deno.test("every TypeScript file says in its first line what it is for", async () => {
  const silent: string[] = [];
  for (const file of files.filter((file) => /\.tsx?$/.test(file) && !GENERATED.has(file))) {
    const [first = ""] = (await Deno.readTextFile(new URL(file, ROOT))).replace(/^#!.*\n/, "").split("\n");
    if (!first.startsWith("/**")) silent.push(file);
  }
  assert.deepEqual(silent, []);
});

Deno.test("a function's entry point has no logic", async () => {
  const entries = files.filter((file) => /^supabase\/functions\/[^/]+\/index\.ts$/.test(file));
  assert.ok(entries.length >= 5);
  const texts = await Promise.all(entries.map((file) => Deno.readTextFile(new URL(file, ROOT))));
  assert.equal(new Set(texts).size, 1, "all entry points are the same");
});

/** What a file imports: `npm:…`, `node:…`, or a path from the root. */
async function importsOf(file: string): Promise<string[]> {
  const text = await Deno.readTextFile(new URL(file, ROOT));
  const found = text.matchAll(
    /^\s*(?:import\s*(?:[^;"'=()]*?\bfrom\s*)?|export\s[^;"'=()]*?\bfrom\s*)["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/gm,
  );
  return [...found].map(([, fixed, dynamic]) => resolve(fixed ?? dynamic!, file));
}

function resolve(specifier: string, from: string): string {
  if (specifier.startsWith("node:")) return specifier;
  if (!specifier.startsWith(".")) return `npm:${specifier}`;
  return new URL(specifier, new URL(from, ROOT)).pathname.slice(ROOT.pathname.length);
}

/** The files of the project, without what is ignored or built. */
async function tracked(): Promise<string[]> {
  const left = /^(?:\.|node_modules$|dist$|coverage$)/;
  const found: string[] = [];
  const walk = async (folder: string) => {
    for await (const entry of Deno.readDir(new URL(folder, ROOT))) {
      if (left.test(entry.name)) continue;
      if (entry.isDirectory) await walk(`${folder}${entry.name}/`);
      else found.push(folder + entry.name);
    }
  };
  await walk("./");
  return found.map((file) => file.slice(2)).sort();
}

/** Guarantee: rooms import in one direction, and files stay small enough to be about one thing. */
import assert from "node:assert/strict";

const ROOT = new URL("../../", import.meta.url);

/** Room → rooms of ours, or packages, that it may import beside itself; each room only looks down this list. */
const MAY_IMPORT: Record<string, string[]> = {
  dev: [
    "npm:",
    "node:",
    "supabase/functions",
    "shared/http",
    "shared/jobs",
    "shared/errors",
    "shared/config",
    "web",
  ],
  "supabase/functions": ["npm:", "node:", "shared/", "openapi.json"],
  web: ["npm:", "node:", "shared/client", "shared/contracts"],
  cli: ["npm:", "node:", "shared/client", "shared/contracts"],
  "shared/http": [
    "npm:",
    "node:",
    "shared/auth",
    "shared/webhooks",
    "shared/telemetry",
    "shared/db",
    "shared/errors",
    "shared/config",
    "shared/contracts",
  ],
  "shared/webhooks": ["npm:zod", "node:", "shared/outbound", "shared/db", "shared/contracts"],
  "shared/auth": [
    "npm:",
    "node:",
    "shared/outbound",
    "shared/db",
    "shared/errors",
    "shared/config",
    "shared/contracts",
  ],
  "shared/detection": [
    "npm:",
    "node:",
    "shared/jobs",
    "shared/db",
    "shared/drift",
    "shared/errors",
    "shared/contracts",
  ],
  "shared/jobs": ["npm:", "node:", "shared/db", "shared/errors", "shared/config", "shared/contracts"],
  "shared/telemetry": ["npm:@opentelemetry/", "shared/config"],
  "shared/outbound": ["node:", "shared/contracts"],
  "shared/db": ["npm:", "node:", "shared/errors", "shared/config", "shared/contracts"],
  "shared/drift": ["npm:zod", "node:", "shared/contracts"],
  "shared/client": ["npm:zod", "shared/contracts"],
  "shared/openapi": ["npm:zod", "shared/contracts"],
  "shared/errors": ["shared/contracts"],
  "shared/config": ["npm:zod", "node:"],
  "shared/contracts": ["npm:zod"],
};
/** The local stack's own rooms, each looking down only. */
const STACK_ROOMS = ["gateway", "auth", "database"];
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

Deno.test("rooms only look down, so no two import each other", () => {
  const order = Object.keys(MAY_IMPORT);
  const upward = Object.entries(MAY_IMPORT).flatMap(([room, allowed]) =>
    allowed.filter((target) => order.includes(target) && order.indexOf(target) < order.indexOf(room))
      .map((target) => `${room} → ${target}`)
  );
  assert.deepEqual(upward, []);
});

Deno.test("every folder of shared/ is a room with rules", () => {
  const folders = new Set(
    files.filter((file) => file.startsWith("shared/")).map((file) => file.split("/").slice(0, 2).join("/")),
  );
  assert.deepEqual([...folders].filter((folder) => !(folder in MAY_IMPORT)), []);
});

Deno.test("the stack's rooms only look down", async () => {
  const wrong: string[] = [];
  for (const [index, room] of STACK_ROOMS.entries()) {
    for (const file of files.filter((file) => file.startsWith(`dev/${room}/`))) {
      for (const target of await importsOf(file)) {
        const upward = STACK_ROOMS.slice(0, index).some((above) => target.startsWith(`dev/${above}/`));
        if (upward) wrong.push(`${file} → ${target}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
});

Deno.test("a function imports no other function", async () => {
  const wrong: string[] = [];
  for (const file of files.filter((file) => /^supabase\/functions\/[^/]+\/.+\.ts$/.test(file))) {
    const own = file.split("/").slice(0, 3).join("/") + "/";
    for (const target of await importsOf(file)) {
      if (target.startsWith("supabase/functions/") && !target.startsWith(own)) {
        wrong.push(`${file} → ${target}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
});

Deno.test("nothing but tests and benches imports tests", async () => {
  const wrong: string[] = [];
  for (const file of files.filter((file) => /\.tsx?$/.test(file) && !/^(?:tests|bench)\//.test(file))) {
    if ((await importsOf(file)).some((target) => target.startsWith("tests/"))) wrong.push(file);
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

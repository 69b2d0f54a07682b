/** Runs the tests that need only shared code and functions under the Deno version that hosted functions run on. */
import { fileURLToPath } from "node:url";
import { findHostedDeno } from "./hosted_deno.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
/** What such a test may import; the stack, the command and the page are never hosted. */
const HOSTED = /^(?:shared|supabase\/functions|tests)\//;
const COPIED = ["shared", "supabase", "tests", "docs", "action", ".github", ".ci", "openapi.json"];

const folder = await Deno.makeTempDir({ prefix: "infraaudit-hosted-" });
try {
  // A folder of its own: the project's lock file and installed packages are not for an older Deno.
  for (const path of COPIED) await copy(`${ROOT}${path}`, `${folder}/${path}`);
  const { imports, compilerOptions, tasks } = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`));
  await Deno.writeTextFile(`${folder}/deno.json`, JSON.stringify({ imports, compilerOptions, tasks }));
  const tests = await Array.fromAsync(findTests("tests"));
  const selected = (await Promise.all(tests.map(async (test) => await isHosted(test) ? [test] : []))).flat();
  const { code } = await new Deno.Command(await findHostedDeno(), {
    args: [
      "test",
      "-A",
      "--no-lock",
      "--node-modules-dir=none",
      "shared/",
      "supabase/functions/",
      ...selected,
    ],
    cwd: folder,
    env: { DENO_TLS_CA_STORE: "system", DENO_NO_UPDATE_CHECK: "1" },
  }).spawn().status;
  Deno.exitCode = code;
} finally {
  await Deno.remove(folder, { recursive: true });
}

async function* findTests(path: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(`${ROOT}${path}`)) {
    if (isDirectory) yield* findTests(`${path}/${name}`);
    else if (name.endsWith("_test.ts")) yield `${path}/${name}`;
  }
}

/** Whether everything that the test imports, however deep, is a part that is hosted, and starts no process. */
async function isHosted(test: string): Promise<boolean> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json", test], cwd: ROOT })
    .output();
  const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as { modules: { specifier: string }[] };
  const root = new URL("../", import.meta.url).href;
  const own = modules.filter(({ specifier }) => specifier.startsWith(root));
  const paths = own.map(({ specifier }) => specifier.slice(root.length));
  if (!paths.every((path) => path === "openapi.json" || HOSTED.test(path))) return false;
  const texts = await Promise.all(paths.map((path) => Deno.readTextFile(`${ROOT}${path}`)));
  return !texts.some((text) => text.includes("Deno.Command"));
}

async function copy(from: string, to: string): Promise<void> {
  await Deno.mkdir(to.slice(0, to.lastIndexOf("/")), { recursive: true });
  const { code } = await new Deno.Command("cp", { args: ["-R", from, to] }).output();
  if (code !== 0) throw new Error(`${from} can't be copied`);
}

/** The npm package is one file that runs on Node alone: installed by npx from its tarball, without a network. */
import assert from "node:assert/strict";
import { packForNpm } from "../../cli/pack.ts";
import { VERSION } from "../../cli/version.ts";
import { Home, inherited } from "./infraudit_process.ts";
import { json, serveScript } from "./scripted_server.ts";
import { sayTestsSkipped } from "./skipped.ts";

const OLDEST_NODE = 20;
const nodeVersion = await findNode();
const ignore = nodeVersion === undefined || nodeVersion < OLDEST_NODE;
if (ignore) sayTestsSkipped("the npm package, because there is no npm with Node 20 or newer on this machine");

Deno.test({ name: "packed, installed and run in an empty folder, offline", ignore }, async () => {
  await using server = serveScript(() =>
    json({ error: "No.", code: "INVALID_CREDENTIALS", request_id: "r" }, 401)
  );
  await using home = new Home();
  const tarball = await packForNpm(`${home.path}/package`);
  const folder = `${home.path}/empty`;
  await Deno.mkdir(folder);
  const run = (args: string[]) =>
    new Deno.Command("npx", {
      args: ["--yes", "--offline", `--package=${tarball}`, "infraudit", ...args],
      cwd: folder,
      clearEnv: true,
      env: { ...inherited(), HOME: home.path, npm_config_update_notifier: "false" },
    }).output();
  const version = await run(["version", "-o", "json"]);
  assert.equal(version.code, 0, new TextDecoder().decode(version.stderr));
  const told = JSON.parse(new TextDecoder().decode(version.stdout));
  assert.equal(told.version, VERSION);
  assert.match(told.runtime, /^node /);
  const login = await run([
    "auth",
    "login",
    "--email",
    "a@b.ch",
    "--password",
    "p4ssword",
    "--server",
    server.url,
  ]);
  assert.equal(login.code, 4);
  assert.match(new TextDecoder().decode(login.stderr), /INVALID_CREDENTIALS, HTTP 401/);
  assert.equal(server.requests[0]?.path, "/api/login");
});

async function findNode(): Promise<number | undefined> {
  try {
    await new Deno.Command("npx", { args: ["--version"] }).output();
    const { stdout } = await new Deno.Command("node", { args: ["--version"] }).output();
    return Number(/^v(\d+)/.exec(new TextDecoder().decode(stdout))?.[1]);
  } catch {
    return undefined;
  }
}

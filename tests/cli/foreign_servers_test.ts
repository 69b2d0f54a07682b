/** Guarantee: an authority of one's own is trusted where it is named, and what is not this API never looks like an answer. */
import assert from "node:assert/strict";
import { commandLine, type Finished, Home, inherited } from "./infraudit_process.ts";
import { bundleForNode } from "./node_bundle.ts";
import { KEY, sampleResource } from "./samples.ts";
import { json, serveScript } from "./scripted_server.ts";
import { sayTestsSkipped } from "./skipped.ts";

const LIST = { data: [sampleResource(1)], meta: { total: 1, page: 1, per_page: 100, next_cursor: null } };

async function run(command: string[], home: Home, env: Record<string, string>): Promise<Finished> {
  const [program = "", ...args] = command;
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args,
    cwd: home.path,
    clearEnv: true,
    env: { ...inherited(), HOME: home.path, INFRAUDIT_API_KEY: KEY, ...env },
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, stdout: out ?? "", stderr: err ?? "" };
}

/** A certificate for 127.0.0.1 by an authority in `ca.pem` that nobody knows; nothing where openssl is not there. */
async function certify(folder: string): Promise<{ cert: string; key: string } | undefined> {
  const make = async (name: string, ...more: string[]) => {
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
    const files = ["-keyout", `${folder}/${name}.key`, "-out", `${folder}/${name}.pem`];
    const { success, stderr } = await new Deno.Command("openssl", {
      args: ["req", "-x509", ...curve, ...files, ...more],
    }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
  };
  try {
    await make("ca", "-subj", "/CN=An authority of one's own");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    sayTestsSkipped("authorities of one's own, because there is no openssl here");
    return undefined;
  }
  const signed = ["-CA", `${folder}/ca.pem`, "-CAkey", `${folder}/ca.key`, "-subj", "/CN=127.0.0.1"];
  const uses = ["subjectAltName=IP:127.0.0.1", "basicConstraints=critical,CA:FALSE"];
  await make("server", ...signed, ...uses.flatMap((use) => ["-addext", use]));
  const [cert = "", key = ""] = await Promise.all(
    ["server.pem", "server.key"].map((name) => Deno.readTextFile(`${folder}/${name}`)),
  );
  return { cert, key };
}

Deno.test("an authority of one's own: trusted where it is named, on Node and Deno, and refused else", async () => {
  await using home = new Home();
  const pair = await certify(home.path);
  if (!pair) return;
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {}, ...pair },
    () => json(LIST),
  );
  try {
    const file = `${home.path}/ca.pem`;
    const args = ["resources", "list", "-q"];
    const onNode = await bundleForNode(home);
    const rows: [command: string[] | undefined, env: Record<string, string>, code: number][] = [
      [commandLine(args), {}, 3],
      [commandLine(args), { INFRAUDIT_CA_FILE: file }, 0],
      [commandLine(args), { DENO_CERT: file }, 0],
      [onNode && [...onNode, ...args], {}, 3],
      [onNode && [...onNode, ...args], { INFRAUDIT_CA_FILE: file }, 0],
      [onNode && [...onNode, ...args], { NODE_EXTRA_CA_CERTS: file }, 0],
    ];
    await Promise.all(rows.map(async ([command, env, expected]) => {
      if (!command) return;
      const url = `https://127.0.0.1:${server.addr.port}`;
      const { code, stdout, stderr } = await run(command, home, { INFRAUDIT_SERVER_URL: url, ...env });
      assert.deepEqual([code, stdout], [expected, expected === 0 ? "1\n" : ""], `${command[0]}: ${stderr}`);
      if (expected !== 0) assert.match(stderr, /certificate/i);
    }));
  } finally {
    await server.shutdown();
  }
});

const PORTAL = "<!doctype html><title>Welcome to the hotel</title>";
const html = () => new Response(PORTAL, { headers: { "content-type": "text/html" } });

/** Answers with 200 that are none of this API. */
const FOREIGN: [name: string, answer: () => Response, says: RegExp][] = [
  ["a captive portal", html, /HTML|not this API|server/i],
  [
    "HTML that calls itself JSON",
    () => new Response(PORTAL, { headers: { "content-type": "application/json" } }),
    /JSON/,
  ],
  [
    "JSON of another shape",
    () => json({ status: "success", items: [] }),
    /schema|shape|expected|understand/i,
  ],
  ["a list of something else", () => json([1, 2, 3]), /schema|shape|expected|understand/i],
];

Deno.test("a captive portal and JSON of another shape end in 3 with nothing on standard output", async () => {
  await using home = new Home();
  const bundled = await bundleForNode(home);
  if (!bundled) return;
  const commands = [["resources", "list"], ["check"], ["whoami"], ["drifts", "watch", "--events", "1"]];
  for (const [name, answer, says] of FOREIGN) {
    await using server = serveScript(answer);
    await Promise.all(commands.map(async (args) => {
      const finished = await run([...bundled, ...args], home, { INFRAUDIT_SERVER_URL: server.url });
      assert.deepEqual([finished.code, finished.stdout], [3, ""], `${name}: ${args}: ${finished.stderr}`);
      if (args[0] !== "drifts") assert.match(finished.stderr, says, name);
      assert.ok(!finished.stderr.includes("hotel"));
    }));
  }
});

/** Guarantee: the environment's proxy is used on Deno and on Node, NO_PROXY is honoured, and its refusals are told. */
import assert from "node:assert/strict";
import { connect, createServer, type Socket } from "node:net";
import { commandLine, Home, inherited } from "./infraudit_process.ts";
import { bundleForNode } from "./node_bundle.ts";
import { KEY, sampleResource } from "./samples.ts";
import { json, serveScript } from "./scripted_server.ts";

/** A proxy that tunnels and forwards to one server, whatever name is asked for; or refuses with 407. */
async function startProxy(target: string, isLocked = false) {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    sockets.add(client);
    client.on("error", () => {});
    client.once("data", (first: Uint8Array) => {
      const head = new TextDecoder().decode(first);
      asked.push(head.split("\r\n", 1)[0] ?? "");
      if (isLocked) {
        return client.end("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n");
      }
      const upstream = connect(Number(new URL(target).port), "127.0.0.1");
      sockets.add(upstream);
      upstream.on("error", () => client.destroy());
      if (head.startsWith("CONNECT ")) client.write("HTTP/1.1 200 OK\r\n\r\n");
      else upstream.write(head.replace(/ http:\/\/[^/]+/, " "));
      client.pipe(upstream).pipe(client);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    [Symbol.asyncDispose]: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function run(home: Home, line: string[], env: Record<string, string>) {
  const { code, stdout, stderr } = await new Deno.Command(line[0] ?? "", {
    args: line.slice(1),
    cwd: home.path,
    clearEnv: true,
    env: { ...inherited(), HOME: home.path, INFRAUDIT_API_KEY: KEY, ...env },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

Deno.test("a request goes through the proxy to a name only that knows; not where NO_PROXY says; 407 is told", async () => {
  await using server = serveScript(() => json(sampleResource(7)));
  await using home = new Home();
  await using proxy = await startProxy(server.url);
  await using locked = await startProxy(server.url, true);
  const node = await bundleForNode(home);
  const get = ["resources", "get", "7", "-q"];
  for (const line of [commandLine(get), ...node ? [[...node, ...get]] : []]) {
    const far = { INFRAUDIT_SERVER_URL: "http://infraudit.invalid" };
    const through = await run(home, line, { ...far, HTTP_PROXY: proxy.url });
    assert.deepEqual([through.code, through.stdout], [0, "7\n"], `${line[0]} ${through.stderr}`);
    assert.match(proxy.asked.splice(0).join(), /infraudit\.invalid/);
    const near = { INFRAUDIT_SERVER_URL: server.url, HTTP_PROXY: proxy.url, NO_PROXY: "127.0.0.1,localhost" };
    assert.equal((await run(home, line, near)).code, 0);
    assert.deepEqual(proxy.asked, []);
    const refused = await run(home, line, { ...far, HTTP_PROXY: locked.url });
    assert.equal(refused.code, 3, refused.stderr);
    assert.match(refused.stderr, /[Tt]he proxy requires authentication \(407\)/);
  }
});

Deno.test("a certificate file that can't be used is exit code 2, before anything is asked", async () => {
  await using home = new Home();
  await Deno.writeTextFile(`${home.path}/empty.pem`, "");
  for (const file of ["/nowhere/ca.pem", `${home.path}/empty.pem`]) {
    const env = { INFRAUDIT_CA_FILE: file, INFRAUDIT_SERVER_URL: "https://127.0.0.1:1" };
    const { code, stderr } = await run(home, commandLine(["resources", "list"]), env);
    assert.equal(code, 2, stderr);
    assert.match(stderr, /INFRAUDIT_CA_FILE names /);
  }
});

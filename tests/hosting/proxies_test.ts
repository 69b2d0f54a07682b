/** Behind each proxy the API is the same, streams flow, and the client's address can't be forged past it. */
import assert from "node:assert/strict";
import worker from "../../deploy/cloudflare/worker.ts";
import { type Stack, startStack } from "../../dev/stack.ts";
import { renderProxies } from "../../scripts/build_proxies.ts";
import { DEMO_PERSON, smoke } from "../e2e/smoke.ts";
import { findNginx, startNginx } from "./nginx.ts";

const PROXY_SECRET = "a secret between the proxy and the functions";
const CLIENT = "203.0.113.7";

Deno.test("the rewrites in deploy/ are what the table makes: run deno task proxies", async () => {
  for (const [name, text] of Object.entries(renderProxies())) {
    assert.equal(await Deno.readTextFile(new URL(`../../deploy/${name}`, import.meta.url)), text, name);
  }
});

Deno.test("behind a proxy", async (t) => {
  const stack = await startStack({
    port: 0,
    ephemeral: true,
    web: false,
    rateLimits: false,
    variables: { PROXY_SECRET, TRUSTED_PROXY_HOPS: "1" },
  });
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    // As Cloudflare does: whatever the client sent under this name is replaced.
    const headers = new Headers(request.headers);
    headers.set("cf-connecting-ip", CLIENT);
    return worker.fetch(new Request(request, { headers }), { SUPABASE_URL: stack.url, PROXY_SECRET });
  });
  const through = `http://127.0.0.1:${server.addr.port}`;
  try {
    await t.step("the Worker", (t) => smoke(t, { baseUrl: through, ...DEMO_PERSON }));

    await t.step("the Worker answers what is not the API's with 404 in its shape", async () => {
      const response = await fetch(`${through}/rest/v1/resources`);
      assert.deepEqual([response.status, (await response.json()).code], [404, "NOT_FOUND"]);
    });

    await t.step("a key for one address works through the Worker, and from nowhere else", async () => {
      const key = await makeKey(stack, CLIENT);
      const status = async (base: string, headers: Record<string, string>) => {
        const response = await fetch(`${base}/v1/resources`, {
          headers: { authorization: `Bearer ${key}`, ...headers },
        });
        await response.body?.cancel();
        return response.status;
      };
      assert.equal(await status(through, {}), 200);
      assert.equal(await status(through, { "x-forwarded-for": "198.51.100.1" }), 200);
      const forged = { "x-forwarded-for": CLIENT };
      for (const headers of [{}, forged, { ...forged, "x-proxy-secret": "guessed" }]) {
        assert.ok([401, 403].includes(await status(stack.url, headers)), JSON.stringify(headers));
      }
    });

    const nginx = await findNginx();
    // deno-lint-ignore no-console -- a skipped step must be heard
    if (!nginx) console.warn("skipped: nginx is not installed");
    await t.step({
      name: "nginx",
      ignore: !nginx,
      fn: async (t) => {
        await using proxy = await startNginx(nginx!, stack.url, PROXY_SECRET);
        await smoke(t, { baseUrl: proxy.url, ...DEMO_PERSON });
      },
    });
    await t.step({
      name: "nginx sends nothing to a project that can't prove who it is",
      ignore: !nginx,
      fn: async () => {
        await using impostor = await startImpostor();
        await using proxy = await startNginx(nginx!, impostor.url, PROXY_SECRET);
        const answer = await fetch(`${proxy.url}/v1/resources`, {
          headers: { authorization: "Bearer secret" },
        });
        await answer.body?.cancel();
        assert.deepEqual([answer.status, impostor.asked()], [502, 0]);
      },
    });
  } finally {
    await server.shutdown();
    await stack.stop();
  }
});

/** An HTTPS server whose certificate no authority has signed. */
async function startImpostor(): Promise<AsyncDisposable & { url: string; asked(): number }> {
  const folder = await Deno.makeTempDir({ prefix: "infraaudit-impostor-" });
  const make =
    "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=127.0.0.1 -addext " +
    `subjectAltName=IP:127.0.0.1 -keyout ${folder}/key -out ${folder}/cert`;
  await new Deno.Command("openssl", { args: make.split(" "), stderr: "null" }).output();
  let asked = 0;
  const server = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    onListen: () => {},
    key: await Deno.readTextFile(`${folder}/key`),
    cert: await Deno.readTextFile(`${folder}/cert`),
  }, () => {
    asked++;
    return new Response("gotcha");
  });
  return {
    url: `https://127.0.0.1:${server.addr.port}`,
    asked: () => asked,
    [Symbol.asyncDispose]: async () => {
      await server.shutdown();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

async function makeKey(stack: Stack, address: string): Promise<string> {
  const post = async (path: string, body: unknown, token?: string) => {
    const response = await fetch(`${stack.url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    });
    return await response.json();
  };
  const { token } = await post("/api/login", DEMO_PERSON);
  return (await post("/v1/settings/api-keys", { name: "Here only", allowed_ips: [address] }, token)).key;
}

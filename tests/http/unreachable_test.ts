/** Guarantee: with a dependency down the answer is 503 with Retry-After, never 401 or 500, and recovery is immediate. */
import assert from "node:assert/strict";
import { drawApiKey } from "../../shared/auth/api_key.ts";
import { createDeps } from "../../shared/http/deps.ts";
import { readEnv } from "../../shared/config/env.ts";
import type { LogLine } from "../../shared/config/log.ts";
import { createApp as createApiApp } from "../../supabase/functions/api/app.ts";
import { createApp as createHealthApp } from "../../supabase/functions/health/app.ts";
import { createApp as createResourcesApp } from "../../supabase/functions/resources/app.ts";
import { goodClaims, makeSigningKey, signEs256 } from "../auth/signing.ts";

const KEY = makeSigningKey("current");
const now = Math.floor(Date.now() / 1000);

/** A project whose parts can be switched off: `jwks` alone answers, or nothing at all. */
function startProject() {
  const state = { jwks: true, asked: 0 };
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    state.asked++;
    const isJwks = new URL(request.url).pathname.endsWith("/jwks.json");
    if (isJwks && state.jwks) return Response.json({ keys: [KEY.publicJwk] });
    return new Response("upstream is down", { status: 503 });
  });
  const url = `http://127.0.0.1:${server.addr.port}`;
  return { state, url, [Symbol.asyncDispose]: () => server.shutdown() };
}

function makeApps(url: string) {
  const logs: LogLine[] = [];
  const env = readEnv({
    SUPABASE_URL: url,
    SUPABASE_PUBLISHABLE_KEYS: '{"default":"sb_publishable_x"}',
    SUPABASE_SECRET_KEYS: '{"default":"sb_secret_x"}',
    KEY_SIGNING_JWK: JSON.stringify({ ...KEY.privateJwk, kid: KEY.kid }),
    API_KEY_PEPPER: "p".repeat(32),
  });
  const deps = createDeps(env, { log: (line) => logs.push(line) });
  return {
    logs,
    api: createApiApp(deps),
    health: createHealthApp(deps),
    resources: createResourcesApp(deps),
    url,
  };
}

function tokenFor(url: string): string {
  return signEs256(KEY, goodClaims({ iss: `${url}/auth/v1`, iat: now, exp: now + 3600, amr: [] }));
}

/** A port on which nothing listens. */
function closedPort(): string {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const { port } = listener.addr;
  listener.close();
  return `http://127.0.0.1:${port}`;
}

async function assertUnavailable(response: Response): Promise<void> {
  const body = await response.json();
  assert.deepEqual([response.status, body.code], [503, "UNAVAILABLE"]);
  assert.ok(Number(response.headers.get("retry-after")) >= 1);
  assert.equal(response.headers.has("www-authenticate"), false);
  assert.ok(!JSON.stringify(body).includes("127.0.0.1"), "nothing of the inside");
}

const bearer = (credential: string) => ({ headers: { authorization: `Bearer ${credential}` } });
const json = (body: unknown) => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

Deno.test("a project that refuses connections: tokens, keys, sign-in and readiness are 503", async () => {
  const { api, health, resources, url } = makeApps(closedPort());
  await assertUnavailable(await resources.request("/resources", bearer(tokenFor(url))));
  await assertUnavailable(await resources.request("/resources", bearer(drawApiKey("live").text)));
  await assertUnavailable(await api.request("/api/login", json({ email: "a@b.test", password: "x" })));
  await assertUnavailable(await api.request("/api/refresh", json({ refresh_token: "x" })));
  await assertUnavailable(await health.request("/health/ready"));
  assert.equal((await health.request("/health")).status, 200);
});

Deno.test("readiness asked for 40 times looks once", async () => {
  await using project = startProject();
  const { health } = makeApps(project.url);
  const ask = async () => await assertUnavailable(await health.request("/health/ready"));
  await Promise.all(Array.from({ length: 20 }, ask));
  for (let times = 0; times < 20; times++) await ask();
  // Database, Auth and key set.
  assert.equal(project.state.asked, 3);
});

Deno.test("keys known, database down: 503; what is no credential is still 401", async () => {
  await using project = startProject();
  const { resources, logs } = makeApps(project.url);
  await assertUnavailable(await resources.request("/resources", bearer(tokenFor(project.url))));
  const forged = await resources.request("/resources", bearer(`${tokenFor(project.url)}x`));
  assert.equal(forged.status, 401);
  await forged.body?.cancel();
  assert.deepEqual(logs.map((line) => line.status), [503, 401]);
});

Deno.test("the key set comes back: the next request is verified", async () => {
  await using project = startProject();
  project.state.jwks = false;
  const { resources } = makeApps(project.url);
  const wrongKey = signEs256({ ...makeSigningKey("x"), kid: KEY.kid }, goodClaims());
  await assertUnavailable(await resources.request("/resources", bearer(wrongKey)));
  project.state.jwks = true;
  const response = await resources.request("/resources", bearer(wrongKey));
  assert.equal(response.status, 401);
  await response.body?.cancel();
});

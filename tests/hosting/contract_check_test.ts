/** The contract check passes what the document says and names everything else: status, header, field, route. */
import assert from "node:assert/strict";
import { createDeps } from "../../shared/http/deps.ts";
import { readEnv } from "../../shared/config/env.ts";
import { createApp as createHealth } from "../../supabase/functions/health/app.ts";
import { createApp as createOpenApi } from "../../supabase/functions/openapi/app.ts";
import { checkedFetch, findAnswerFaults } from "../http/contract.ts";

const env = readEnv({
  SUPABASE_URL: "https://project.example",
  SUPABASE_PUBLISHABLE_KEYS: '{"default":"sb_publishable_x"}',
  SUPABASE_SECRET_KEYS: '{"default":"sb_secret_x"}',
  KEY_SIGNING_JWK: '{"kty":"EC","crv":"P-256","kid":"k","x":"x","y":"y","d":"d"}',
  API_KEY_PEPPER: "p".repeat(32),
  PUBLIC_BASE_URL: "https://api.example",
});
const deps = createDeps(env, { log: () => {} });
const headers = {
  "content-type": "application/json",
  "x-request-id": "0d9f1f6c-5d58",
  "cache-control": "no-store",
};
const tooMany = {
  error: "Too many.",
  code: "RATE_LIMITED",
  request_id: "0d9f1f6c-5d58",
  retryAfter: 3,
};

Deno.test("the function's document is the committed one, with this server's address", async () => {
  const app = createOpenApi(deps);
  for (const path of ["/openapi.json", "/openapi"]) {
    const response = await app.request(path);
    assert.equal(response.status, 200);
    assert.deepEqual(await findAnswerFaults("GET", "/openapi.json", response), []);
    const { servers, paths } = await response.json();
    assert.equal(servers[0].url, "https://api.example/v1");
    assert.equal(servers[1].url, "https://project.example/functions/v1");
    assert.ok(paths["/resources"]);
  }
});

const answers: [string, string, string, Response, RegExp | undefined][] = [
  ["a documented answer", "GET", "/health", json(200, { status: "ok" }), undefined],
  ["an unknown field", "GET", "/health", json(200, { status: "ok", more: 1 }), /additional properties/],
  ["a missing field", "GET", "/health", json(200, {}), /required property 'status'/],
  ["an undocumented status", "GET", "/health", json(202, { status: "ok" }), /status 202 is not documented/],
  ["an undocumented header", "GET", "/health", json(200, { status: "ok" }, { "x-secret": "1" }), /x-secret/],
  [
    "a missing request id",
    "GET",
    "/health",
    json(200, { status: "ok" }, { "x-request-id": "" }),
    /X-Request-Id/,
  ],
  [
    "another content type",
    "GET",
    "/health",
    new Response("ok", { headers: { ...headers, "content-type": "text/plain" } }),
    /text\/plain/,
  ],
  ["a body with a 204", "DELETE", "/resources/1", json(201, {}), /status 201 is not documented/],
  [
    "a code of another status",
    "POST",
    "/api/login",
    json(429, { ...tooMany, code: "FORBIDDEN" }, { "retry-after": "3" }),
    /allowed values/,
  ],
  ["a limit without Retry-After", "POST", "/api/login", json(429, tooMany), /Retry-After is missing/],
  ["a limit", "POST", "/api/login", json(429, tooMany, { "retry-after": "3" }), undefined],
  ["a route that nobody described", "GET", "/secret", json(200, {}), /status 200 is not documented/],
  ["no such route", "GET", "/nothing", json(404, { ...tooMany, code: "NOT_FOUND" }), undefined],
  [
    "a method that is not described",
    "PUT",
    "/health",
    json(404, { ...tooMany, code: "NOT_FOUND" }),
    undefined,
  ],
];
for (const [what, method, path, response, fault] of answers) {
  Deno.test(`${what}: ${fault ? "refused" : "passes"}`, async () => {
    const faults = await findAnswerFaults(method, path, response);
    if (fault) assert.match(faults.join("\n"), fault);
    else assert.deepEqual(faults, []);
  });
}

Deno.test("the wrapped fetch throws on a fault, leaves the body readable, and passes other servers by", async () => {
  const app = createHealth(deps);
  const ask = checkedFetch((request) => Promise.resolve(app.request(toFunction(request as Request))));
  const response = await ask("https://api.example/v1/health");
  assert.deepEqual(await response.json(), { status: "ok" });
  const wrong = checkedFetch(() => Promise.resolve(json(200, { status: "down" })));
  await assert.rejects(wrong("https://api.example/v1/health"), /not as documented/);
  assert.equal((await wrong("https://api.example/auth/v1/user")).status, 200);
});

function toFunction(request: Request): Request {
  return new Request(request.url.replace("/v1/", "/"), request);
}

function json(status: number, body: unknown, extra: Record<string, string> = {}): Response {
  const all = Object.entries({ ...headers, ...extra }).filter(([, value]) => value !== "");
  return new Response(JSON.stringify(body), { status, headers: Object.fromEntries(all) });
}

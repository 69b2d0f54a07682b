/** The typed client asks where the contract says, and every failure is a class of its own with its facts. */
import assert from "node:assert/strict";
import { createApiKey, getApiKey, revokeApiKey } from "../../shared/contracts/api_keys.ts";
import { createClient } from "../../shared/client/client.ts";
import { ApiFailure, NetworkFailure, UnreadableAnswer } from "../../shared/client/client_failures.ts";
import { toRequestUrl } from "../../shared/client/request_url.ts";
import { getResource, listResources } from "../../shared/contracts/resources.ts";
import { login, logout, register } from "../../shared/contracts/session.ts";
import { sampleResource } from "./samples.ts";
import { json, serveScript } from "./scripted_server.ts";

const resource = sampleResource(7);

function clientOf(baseUrl: string, credentials: (string | undefined)[] = ["secret-token"]) {
  let next = 0;
  const credential = () => Promise.resolve(credentials[Math.min(next++, credentials.length - 1)]);
  return createClient({ baseUrl, credential });
}

async function failure<Kind extends Error>(kind: new (...rest: never[]) => Kind, work: Promise<unknown>) {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof kind, `expected ${kind.name}, got ${error}`);
    return error;
  }
  throw new assert.AssertionError({ message: `expected ${kind.name}, got an answer` });
}

Deno.test("public paths: function api keeps its own prefix, all others are below /v1", () => {
  const rows: [base: string, path: string, url: string][] = [
    ["https://api.example.com", "/api/login", "https://api.example.com/api/login"],
    ["https://api.example.com/", "/settings/api-keys", "https://api.example.com/v1/settings/api-keys"],
    ["https://x.example.co/functions", "/api/login", "https://x.example.co/functions/v1/api/login"],
    ["https://x.example.co/functions/v1", "/resources", "https://x.example.co/functions/v1/resources"],
  ];
  for (const [base, path, url] of rows) assert.equal(toRequestUrl(base, path).href, url);
});

Deno.test("parameters are escaped, absent ones left out, a missing path parameter is an error", () => {
  const url = toRequestUrl("http://a", "/resources/:id", { id: "a/../b?c" }, { q: "x&y", page: undefined });
  assert.equal(url.href, "http://a/v1/resources/a%2F..%2Fb%3Fc?q=x%26y");
  assert.throws(() => toRequestUrl("http://a", "/resources/:id"), TypeError);
});

Deno.test("a call sends credential, path, query and body, and gives the JSON as it came", async () => {
  await using server = serveScript((request) =>
    request.method === "POST" ? json({ id: 1 }, 201) : json(resource)
  );
  const client = clientOf(server.url);
  assert.deepEqual(await client.call(getResource, { params: { id: 7 } }), resource);
  await failure(UnreadableAnswer, client.call(createApiKey, { body: { name: "ci" } }));
  const [get, post] = server.requests;
  assert.equal(get?.path, "/v1/resources/7");
  assert.equal(get?.headers.get("authorization"), "Bearer secret-token");
  assert.equal(get?.headers.has("content-type"), false);
  assert.equal(post?.path, "/v1/settings/api-keys");
  assert.equal(post?.body, '{"name":"ci"}');
});

Deno.test("an endpoint without credential is never sent one", async () => {
  await using server = serveScript(() =>
    json({ error: "No.", code: "INVALID_CREDENTIALS", request_id: "r" }, 401)
  );
  await failure(ApiFailure, clientOf(server.url).call(login, { body: { email: "a@b.ch", password: "x" } }));
  assert.equal(server.requests[0]?.headers.has("authorization"), false);
});

Deno.test("a newer server's fields, enum values and formats break nothing; missing fields and wrong types do", async () => {
  let answer: unknown;
  await using server = serveScript(() => json(answer));
  const client = clientOf(server.url);
  answer = { ...resource, owner: "ops", status: "archived", created_at: "2026-11-24 09:30:00+00" };
  assert.deepEqual(await client.call(getResource, { params: { id: 7 } }), answer);
  answer = { ...resource, id: "7" };
  const wrong = await failure(UnreadableAnswer, client.call(getResource, { params: { id: 7 } }));
  assert.match(wrong.message, /getResource answered unexpectedly: id: /);
  answer = {
    data: [{ ...resource, name: undefined }],
    meta: { total: 1, page: 1, per_page: 20, next_cursor: null },
  };
  const missing = await failure(UnreadableAnswer, client.call(listResources));
  assert.match(missing.message, /data\.0\.name/);
});

Deno.test("the API's error becomes an ApiFailure with all its facts", async () => {
  const body = {
    error: "Slow down.",
    code: "RATE_LIMITED",
    details: { limit: 5 },
    request_id: "req-1",
    retryAfter: 9,
  };
  await using server = serveScript(() => json(body, 429, { "retry-after": "60" }));
  const error = await failure(ApiFailure, clientOf(server.url).call(getApiKey, { params: { id: 1 } }));
  const { status, code, message, details, requestId, retryAfter } = error;
  assert.deepEqual({ status, code, message, details, requestId, retryAfter }, {
    status: 429,
    code: "RATE_LIMITED",
    message: "Slow down.",
    details: { limit: 5 },
    requestId: "req-1",
    retryAfter: 9,
  });
});

Deno.test("a proxy's error page is an ApiFailure too, without its HTML", async () => {
  const headers = { "x-request-id": "edge-1", "retry-after": "3" };
  await using server = serveScript(() => new Response("<html>Bad gateway", { status: 502, headers }));
  const error = await failure(ApiFailure, clientOf(server.url).call(getApiKey, { params: { id: 1 } }));
  assert.equal(error.code, "HTTP_502");
  assert.equal(error.message, "Server not reachable behind its gateway (502)");
  assert.equal(error.requestId, "edge-1");
  assert.equal(error.retryAfter, 3);
});

Deno.test("a page in place of JSON and a redirect are unreadable, and a redirect is not followed", async () => {
  await using other = serveScript(() => json(resource));
  await using server = serveScript((_, count) =>
    count === 0
      ? new Response("<html>", { headers: { "content-type": "text/html" } })
      : new Response(null, { status: 302, headers: { location: `${other.url}/elsewhere?token=x` } })
  );
  const client = clientOf(server.url);
  const page = await failure(UnreadableAnswer, client.call(getResource, { params: { id: 7 } }));
  assert.match(page.message, /^The server sent HTML for GET \/v1\//);
  const moved = await failure(UnreadableAnswer, client.call(getResource, { params: { id: 7 } }));
  assert.match(moved.message, new RegExp(`redirects to ${other.url}\\. Check`));
  assert.equal(other.requests.length, 0);
});

Deno.test("no connection, a time-out and an interruption are told apart", async () => {
  await using gone = serveScript(() => json({}));
  await gone[Symbol.asyncDispose]();
  const refused = await failure(NetworkFailure, clientOf(gone.url).call(getResource, { params: { id: 7 } }));
  assert.equal(refused.origin, gone.url);
  assert.doesNotMatch(refused.message, /resources/, "no path, which might be a query with a secret");

  const held = Promise.withResolvers<Response>();
  await using slow = serveScript(() => held.promise);
  const client = createClient({ baseUrl: slow.url, credential: () => Promise.resolve("t"), timeoutMs: 50 });
  const late = await failure(NetworkFailure, client.call(getResource, { params: { id: 7 } }));
  assert.match(late.message, /no answer within 0\.05 s/);
  const controller = new AbortController();
  const reason = new Error("stop");
  const pending = client.call(getResource, { params: { id: 7 } }, { signal: controller.signal });
  controller.abort(reason);
  assert.equal(await failure(Error, pending), reason);
  held.resolve(json({}));
});

Deno.test("an expired token is renewed once and the call repeated; any other refusal is final", async () => {
  const refusal = (code: string) => json({ error: "No.", code, request_id: "r" }, 401);
  let code = "TOKEN_EXPIRED";
  await using server = serveScript((request) =>
    request.headers.get("authorization") === "Bearer new" ? json(resource) : refusal(code)
  );
  assert.equal((await clientOf(server.url, ["old", "new"]).call(getResource, { params: { id: 7 } })).id, 7);
  assert.equal(server.requests.length, 2);
  for (
    const [credentials, reason, asked] of [[["old", "old"], "TOKEN_EXPIRED", 1], [
      ["old", "new"],
      "SESSION_REVOKED",
      1,
    ], [["old", "older"], "TOKEN_EXPIRED", 2]] as const
  ) {
    code = reason;
    server.requests.length = 0;
    const error = await failure(
      ApiFailure,
      clientOf(server.url, [...credentials]).call(getResource, { params: { id: 7 } }),
    );
    assert.equal(error.code, reason);
    assert.equal(server.requests.length, asked);
  }
});

Deno.test("every page of a list is fetched, the filters with each; a repeated cursor is an error", async () => {
  const page = (ids: number[], next_cursor: string | null) =>
    json({
      data: ids.map((id) => ({ ...resource, id })),
      meta: { total: 3, page: 1, per_page: 2, next_cursor },
    });
  await using server = serveScript((request) =>
    new URL(request.url).searchParams.get("cursor") ? page([3], null) : page([1, 2], "c2")
  );
  const ids = await Array.fromAsync(
    clientOf(server.url).items(listResources, { query: { type: "x" } }),
    (row) => row.id,
  );
  assert.deepEqual(ids, [1, 2, 3]);
  assert.deepEqual(server.requests.map((request) => request.path), [
    "/v1/resources?per_page=100&type=x",
    "/v1/resources?per_page=100&type=x&cursor=c2",
  ]);
  await using endless = serveScript(() => page([1], "same"));
  await failure(UnreadableAnswer, Array.fromAsync(clientOf(endless.url).items(listResources)));
  assert.equal(endless.requests.length, 2);
});

Deno.test("empty answers are undefined, and another documented success is seen only by exchange", async () => {
  await using server = serveScript((request) =>
    request.url.endsWith("/register")
      ? json({ message: "Check your mail." }, 202)
      : new Response(null, { status: 204 })
  );
  const client = clientOf(server.url);
  assert.equal(await client.call(logout), undefined);
  assert.equal(await client.call(revokeApiKey, { params: { id: 1 } }), undefined);
  const body = { email: "a@b.ch", password: "long-enough" };
  assert.deepEqual((await client.exchange(register, { body })).body, { message: "Check your mail." });
  await failure(UnreadableAnswer, client.call(register, { body }));
});

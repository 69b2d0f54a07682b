/** Guarantee: what passes by itself is tried again where that is safe, no longer than is worth it, and never else. */
import assert from "node:assert/strict";
import { createClient } from "../../shared/client/client.ts";
import { ApiFailure } from "../../shared/client/client_failures.ts";
import { createApiKey, revokeApiKey } from "../../shared/contracts/api_keys.ts";
import { importResources } from "../../shared/contracts/imports.ts";
import { getResource } from "../../shared/contracts/resources.ts";
import { Home } from "./infraudit_process.ts";
import { KEY, sampleResource } from "./samples.ts";
import { json, type ScriptedServer, serveScript } from "./scripted_server.ts";

const busy = (status: number, headers: Record<string, string> = {}) =>
  json({ error: "Not now.", code: "UNAVAILABLE", request_id: "r" }, status, headers);

function clientOf(server: ScriptedServer, longestPauseMs = 5_000) {
  const pauses: number[] = [];
  const client = createClient({
    baseUrl: server.url,
    credential: () => Promise.resolve(KEY),
    retry: { attempts: 3, longestPauseMs, onPause: (_, delayMs) => pauses.push(delayMs) },
  });
  return { client, pauses };
}

Deno.test("a read is tried again after 429, 502, 503 and 504, and no other answer", async () => {
  const rows: [status: number, requests: number][] = [[429, 3], [502, 3], [503, 3], [504, 3], [500, 1], [
    404,
    1,
  ]];
  for (const [status, requests] of rows) {
    await using server = serveScript(() => busy(status));
    const { client } = clientOf(server);
    await assert.rejects(client.call(getResource, { params: { id: 1 } }), ApiFailure);
    assert.equal(server.requests.length, requests, String(status));
  }
});

Deno.test("what is not safe to do twice is not: only a refusal by rate limit is tried again, or a call with a key", async () => {
  const calls: [
    name: string,
    call: (client: ReturnType<typeof clientOf>["client"]) => Promise<unknown>,
    tries: Record<number, number>,
  ][] = [
    ["POST", (client) => client.call(createApiKey, { body: { name: "ci" } }), { 503: 1, 429: 3 }],
    ["DELETE", (client) => client.call(revokeApiKey, { params: { id: 1 } }), { 503: 3, 429: 3 }],
    [
      "POST with an Idempotency-Key",
      (client) => client.call(importResources, { body: "[]" }, { headers: { "idempotency-key": "k" } }),
      { 503: 3, 429: 3 },
    ],
  ];
  for (const [name, call, tries] of calls) {
    for (const [status, requests] of Object.entries(tries)) {
      await using server = serveScript(() => busy(Number(status)));
      await assert.rejects(call(clientOf(server).client), ApiFailure);
      assert.equal(server.requests.length, requests, `${name} ${status}`);
    }
  }
});

Deno.test("the server's Retry-After is waited for; one that is too long is a failure at once", async () => {
  await using server = serveScript((_, count) =>
    count === 0 ? busy(503, { "retry-after": "1" }) : json(sampleResource(1))
  );
  const patient = clientOf(server);
  assert.equal((await patient.client.call(getResource, { params: { id: 1 } })).id, 1);
  assert.equal(patient.pauses.length, 1);
  assert.ok((patient.pauses[0] ?? 0) >= 1_000);
  await using other = serveScript(() => busy(429, { "retry-after": "600" }));
  await assert.rejects(clientOf(other).client.call(getResource, { params: { id: 1 } }), ApiFailure);
  assert.equal(other.requests.length, 1);
});

Deno.test("one bad moment does not fail a check, and --timeout bounds all the tries together", async () => {
  const last_seen_at = new Date().toISOString();
  const counts = { total: 1, by_status: { active: 1, stopped: 0, deleted: 0 }, last_seen_at };
  await using server = serveScript((request, count) => {
    if (count % 2 === 0) return busy(503);
    return new URL(request.url).pathname.endsWith("/summary")
      ? json(counts)
      : json({ data: [], meta: { total: 0, page: 1, per_page: 100, next_cursor: null } });
  });
  await using home = new Home({ INFRAUDIT_API_KEY: KEY, INFRAUDIT_SERVER_URL: server.url });
  const { code, stderr } = await home.run(["check", "--fail-on", "low"]);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /Not now\. Trying again in 1 s…/);
  await using down = serveScript(() => busy(503, { "retry-after": "30" }));
  const late = await home.run(["check", "--timeout", "2s", "--server", down.url]);
  assert.equal(late.code, 3);
  assert.match(late.stderr, /It was not done within 2 s \(--timeout\)/);
  assert.equal(down.requests.length, 1);
});

Deno.test("watch gives up on what is no event stream: a portal's page with 200", async () => {
  await using server = serveScript(() =>
    new Response("<html>", { headers: { "content-type": "text/html" } })
  );
  await using home = new Home({ INFRAUDIT_API_KEY: KEY, INFRAUDIT_SERVER_URL: server.url });
  const { code, stderr } = await home.run(["drifts", "watch"]);
  assert.equal(code, 3);
  assert.match(
    stderr,
    /The server sent HTML for GET \/api\/ws\/drifts\. Check the server URL or a proxy in between/,
  );
  assert.equal(server.requests.length, 1);
});

/** The watch sees every event once and in order, whatever the network does between them. */
import assert from "node:assert/strict";
import { createClient } from "../../shared/client/client.ts";
import { ApiFailure } from "../../shared/client/client_failures.ts";
import { parseEvents } from "../../shared/client/event_parser.ts";
import { watchEvents } from "../../shared/client/event_reader.ts";
import { driftEventData, TIMESTAMP } from "./samples.ts";
import { json, type ScriptedServer, serveScript } from "./scripted_server.ts";

function block(id: number, type = "drift_detected"): string {
  const event = { type, data: { ...driftEventData(id), added_later: 1 }, timestamp: TIMESTAMP };
  return `id: ${id}\ndata: ${JSON.stringify(event)}\n\n`;
}

function stream(...parts: string[]): Response {
  return new Response(parts.join(""), { headers: { "content-type": "text/event-stream" } });
}

function watch(
  server: ScriptedServer,
  signal: AbortSignal,
  onPause?: (reason: string) => void,
  silenceLimitMs?: number,
) {
  const client = createClient({ baseUrl: server.url, credential: () => Promise.resolve("t") });
  return watchEvents(client, { signal, onPause, silenceLimitMs });
}

/** Takes events until there are `count`, then ends the watch. */
async function take(count: number, server: ScriptedServer, pauses: string[] = [], silenceLimitMs?: number) {
  const controller = new AbortController();
  const ids: string[] = [];
  for await (
    const { id } of watch(server, controller.signal, (reason) => pauses.push(reason), silenceLimitMs)
  ) {
    if (ids.push(id) === count) controller.abort();
  }
  return ids;
}

Deno.test("lines may end in LF, CR or CRLF and be cut anywhere", async () => {
  const text =
    "\uFEFFretry: 5\r\n\r\n: beat\rid: 1\rdata: é\rdata:  two\r\rid: a\0b\ndata\n\nid: 9\ndata: unfinished";
  const bytes = new TextEncoder().encode(text);
  for (const size of [1, 2, 3, 7, bytes.length]) {
    const body = new ReadableStream({
      start(controller) {
        for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
        controller.close();
      },
    });
    const messages = await Array.fromAsync(parseEvents(new Response(body)));
    assert.deepEqual(
      messages,
      [{ retryMs: 5 }, { id: "1", data: "é\n two" }, { data: "" }],
      `chunks of ${size}`,
    );
  }
});

Deno.test("a stream that ends or breaks is opened again with the last id", async () => {
  await using server = serveScript((_, count) => {
    if (count === 0) return stream("retry: 1\n\n", block(1), block(2));
    if (count === 1) return json({ error: "Down.", code: "UNAVAILABLE", request_id: "r" }, 503);
    return stream("retry: 1\n\n", block(3));
  });
  const pauses: string[] = [];
  assert.deepEqual(await take(3, server, pauses), ["1", "2", "3"]);
  assert.deepEqual(server.requests.map((request) => request.headers.get("last-event-id")), [null, "2", "2"]);
  assert.deepEqual(pauses.slice(0, 2), ["the server ended the stream", "Down."]);
});

Deno.test("a connection that falls silent is given up and opened again", async () => {
  await using server = serveScript((_, count) => {
    if (count > 0) return stream(block(2));
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode("retry: 1\n\n" + block(1))),
    });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  });
  const pauses: string[] = [];
  assert.deepEqual(await take(2, server, pauses, 100), ["1", "2"]);
  assert.equal(pauses[0], "the stream fell silent");
});

Deno.test("a refusal ends the watch with the API's own failure", async () => {
  await using server = serveScript(() =>
    json({ error: "Gone.", code: "SESSION_REVOKED", request_id: "r" }, 401)
  );
  await assert.rejects(
    take(1, server),
    (error) => error instanceof ApiFailure && error.code === "SESSION_REVOKED",
  );
  assert.equal(server.requests.length, 1);
});

Deno.test("an event of a kind this client does not know is passed over", async () => {
  await using server = serveScript(() => stream(block(1, "from_the_future"), "data: not json\n\n", block(2)));
  assert.deepEqual(await take(1, server), ["2"]);
});

/** Guarantee: a slow reader is disconnected at a bounded buffer; a fast one gets everything. */
import assert from "node:assert/strict";
import { EventWriter, formatEvent, MAX_BUFFERED_BYTES } from "../../supabase/functions/api/event_writer.ts";

Deno.test("a reader that takes nothing is disconnected once the buffer is full", async () => {
  let closed = 0;
  const writer = new EventWriter(() => closed++);
  const chunk = "x".repeat(1024);
  let written = 0;
  while (writer.write(chunk)) written += chunk.length;
  assert.ok(written <= MAX_BUFFERED_BYTES, `${written}`);
  assert.ok(written > MAX_BUFFERED_BYTES - 2048);
  assert.equal(closed, 1);
  assert.equal(writer.isOpen, false);
  assert.equal(writer.write(chunk), false);
  const text = await new Response(writer.body).text();
  assert.equal(text.length, written, "what was accepted still arrives");
});

Deno.test("waiting for a reader ends when it has taken all, when time is over, and when it leaves", async () => {
  const writer = new EventWriter(() => {});
  assert.equal(await writer.isDrained(0), true);
  writer.write("x".repeat(1000));
  assert.equal(await writer.isDrained(1), false);
  const reader = writer.body.getReader();
  const drained = writer.isDrained(60_000);
  await reader.read();
  assert.equal(await drained, true);
  writer.write("y");
  const left = writer.isDrained(60_000);
  await reader.cancel();
  assert.equal(await left, true);
  assert.equal(writer.isOpen, false);
});

Deno.test("an end has its last comment, once", async () => {
  let closed = 0;
  const writer = new EventWriter(() => closed++);
  writer.write("data: 1\n\n");
  writer.end("bye");
  writer.end("again");
  assert.equal(await new Response(writer.body).text(), "data: 1\n\n: bye\n\n");
  assert.equal(closed, 1);
});

Deno.test("events are unnamed, on one line, with an id", () => {
  const event = { type: "connected", data: { text: "a\nb" }, timestamp: "2026-11-24T00:00:00Z" } as const;
  assert.equal(
    formatEvent(7, event, 2000),
    'retry: 2000\nid: 7\ndata: {"type":"connected","data":{"text":"a\\nb"},"timestamp":"2026-11-24T00:00:00Z"}\n\n',
  );
});

/** Guarantee: the event stream tells each organization's drifts to those who may read them, and loses none. */
import assert from "node:assert/strict";
import { EVERYBODY, gatherCast } from "./cast.ts";
import { type OpenStream, openStream } from "./stream_reader.ts";

const TICK_MILLISECONDS = 50;
const cast = await gatherCast({
  variables: { STREAM_TICK_MILLISECONDS: `${TICK_MILLISECONDS}`, STREAM_HEARTBEAT_SECONDS: "1" },
});
const { call, stack } = cast;
const URL_OF_STREAM = `${stack.url}/api/ws/drifts`;

async function listen(actor: Parameters<typeof call>[0], query = "", headers: Record<string, string> = {}) {
  const credential = await cast.credential(actor);
  return await openStream(URL_OF_STREAM + query, {
    ...(credential && { authorization: `Bearer ${credential}` }),
    ...headers,
  });
}

/** Opens one and reads its greeting. */
async function listenLive(...args: Parameters<typeof listen>) {
  const stream = await listen(...args);
  const connected = await stream.next();
  assert.equal(connected?.type, "connected");
  return { stream, connected: connected! };
}

let number = 0;
/** Opens a drift and resolves it again: three events with the scans, the last of which is returned. */
async function cause(actor: "user" | "stranger" = "user") {
  const name = `streamed-${++number}`;
  const send = (block_public_acls: boolean) =>
    call(actor, "POST", "/v1/resources", {
      external_id: name,
      name,
      resource_type: "aws_s3_bucket",
      provider: "aws",
      configuration: { block_public_acls },
    });
  await send(true);
  await send(false);
  await send(true);
  return name;
}

/** The next `count` events about drifts. */
async function drifts(stream: OpenStream, count: number) {
  const found: { id: number; type: string; name: string }[] = [];
  while (found.length < count) {
    const event = await stream.next();
    assert.ok(event, "the stream ended too early");
    if (event.type === "scan_progress") continue;
    found.push({ id: event.id, type: event.type, name: event.data.resource_name });
  }
  return found;
}

for (const actor of EVERYBODY) {
  Deno.test(`${actor} opens the stream`, async () => {
    const stream = await listen(actor);
    const allowed = ["owner", "admin", "user", "viewer", "stranger", "key:drifts:read"].includes(actor);
    assert.equal(stream.status, actor === "anonymous" ? 401 : allowed ? 200 : 403);
    if (allowed) {
      assert.equal(stream.headers.get("content-type"), "text/event-stream");
      assert.equal(stream.headers.get("cache-control"), "no-store");
      assert.equal((await stream.next())?.type, "connected");
    }
    stream.close();
  });
}

Deno.test("a drift is told when it is detected and when it is resolved, to its organization alone", async () => {
  const [{ stream: viewer }, { stream: key }, { stream: stranger }] = await Promise.all([
    listenLive("viewer"),
    listenLive("key:drifts:read"),
    listenLive("stranger"),
  ]);
  const name = await cause();
  const other = await cause("stranger");
  for (const stream of [viewer, key]) {
    assert.deepEqual((await drifts(stream, 2)).map(({ type, name }) => [type, name]), [
      ["drift_detected", name],
      ["drift_resolved", name],
    ]);
  }
  assert.deepEqual((await drifts(stranger, 2)).map(({ name }) => name), [other, other]);
  for (const stream of [viewer, key, stranger]) stream.close();
});

Deno.test("coming back with the last id replays what was missed, in order, without a gap or a repeat", async () => {
  const { stream, connected } = await listenLive("viewer");
  const first = await cause();
  const [seen] = await drifts(stream, 2);
  stream.close();
  const second = await cause();
  const expected = [["drift_resolved", first], ["drift_detected", second], ["drift_resolved", second]];
  const header = await listenLive("viewer", "", { "last-event-id": `${seen!.id}` });
  assert.deepEqual([header.connected.id, header.connected.data.complete], [seen!.id, true]);
  assert.deepEqual((await drifts(header.stream, 3)).map(({ type, name }) => [type, name]), expected);
  const query = await listenLive("viewer", `?last_event_id=${seen!.id}`);
  assert.deepEqual((await drifts(query.stream, 3)).map(({ type, name }) => [type, name]), expected);
  // A browser comes back to the same address: its header is newer.
  const both = await listenLive("viewer", "?last_event_id=0", { "last-event-id": `${connected.id}` });
  const ids: number[] = [];
  for (let event = await both.stream.next(); event; event = await both.stream.next()) {
    ids.push(event.id);
    if (ids.length === 5) break;
  }
  assert.deepEqual(ids, ids.map((_, index) => connected.id + 1 + index), "every id, one after the other");
  for (const { stream } of [header, query, both]) stream.close();
});

Deno.test("an id from elsewhere starts afresh and says so; one that is none is 400", async () => {
  const { stream, connected } = await listenLive("viewer", "", { "last-event-id": "999999999" });
  assert.equal(connected.data.complete, false);
  assert.ok(connected.id < 999999999);
  stream.close();
  for (const id of ["abc", "-1", "1.5", "9".repeat(30)]) {
    const refused = await listen("viewer", "", { "last-event-id": id });
    assert.equal(refused.status, 400, id);
    refused.close();
  }
});

Deno.test("the token goes into the address as well, and a ticket once", async () => {
  const token = await cast.credential("viewer");
  const byToken = await openStream(`${URL_OF_STREAM}?token=${token}`);
  assert.equal((await byToken.next())?.type, "connected");
  const { body } = await call("viewer", "POST", "/api/ws/tickets");
  const byTicket = await openStream(`${URL_OF_STREAM}?token=${body.ticket}`);
  assert.equal((await byTicket.next())?.type, "connected");
  const again = await openStream(`${URL_OF_STREAM}?token=${body.ticket}`);
  assert.equal(again.status, 401);
  const name = await cause();
  assert.deepEqual((await drifts(byTicket, 1)).map((event) => event.name), [name]);
  for (const stream of [byToken, byTicket, again]) stream.close();
});

Deno.test("signing out ends the stream within two seconds, with a last comment", async () => {
  const { token } = await cast.signIn("viewer");
  const stream = await openStream(URL_OF_STREAM, { authorization: `Bearer ${token}` });
  const ended = stream.rest();
  assert.equal((await cast.callWith(token, "POST", "/api/logout")).status, 204);
  const from = performance.now();
  assert.match(await ended, /: the credential has ended\n\n$/);
  assert.ok(performance.now() - from < 2_000);
});

Deno.test("revoking a key ends its stream", async () => {
  const made = await call("owner", "POST", "/v1/settings/api-keys", {
    name: "streamer",
    scopes: ["drifts:read"],
  });
  const stream = await openStream(URL_OF_STREAM, { authorization: `Bearer ${made.body.key}` });
  const ended = stream.rest();
  assert.equal((await call("owner", "DELETE", `/v1/settings/api-keys/${made.body.id}`)).status, 204);
  assert.match(await ended, /: the credential has ended\n\n$/);
});

Deno.test("a silent stream has a heartbeat", async () => {
  const again = await fetch(URL_OF_STREAM, {
    headers: { authorization: `Bearer ${await cast.credential("stranger")}` },
  });
  const chunks = again.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes(": heartbeat\n\n")) text += (await chunks.read()).value;
  await chunks.cancel();
  assert.match(text, /^retry: 2000\nid: \d+\ndata: \{"type":"connected"/);
});

Deno.test("the eleventh stream of a principal is 429, another principal's is not", async () => {
  const streams = await Promise.all(Array.from({ length: 10 }, () => listenLive("admin")));
  const refused = await call("admin", "GET", "/api/ws/drifts");
  assert.deepEqual([refused.status, refused.body.code], [429, "RATE_LIMITED"]);
  assert.ok(Number(refused.headers.get("retry-after")) > 0);
  const other = await listenLive("owner");
  other.stream.close();
  for (const { stream } of streams) stream.close();
});

/** Guarantee: streams are woken by the broadcasts of Realtime's protocol, on a private channel, as often as it takes. */
import assert from "node:assert/strict";
import { realtimeWakeUps } from "../../supabase/functions/api/wake_ups.ts";
import { alarm } from "./alarm.ts";

const SECRET_KEY = "sb_secret_for_this_test";

type Message = [joinRef: string, ref: string, topic: string, event: string, payload: Record<string, unknown>];

/** Speaks Realtime's side of the Phoenix channel protocol, version 2; the real server is no part of this project. */
function startRealtime() {
  const addresses: URL[] = [];
  const sockets = new Set<WebSocket>();
  const waiting = new Map<string, (message: Message) => void>();
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
    addresses.push(new URL(request.url));
    const { socket, response } = Deno.upgradeWebSocket(request);
    sockets.add(socket);
    socket.onclose = () => sockets.delete(socket);
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data) as Message;
      const [joinRef, ref, topic, event] = message;
      socket.send(JSON.stringify([joinRef, ref, topic, "phx_reply", { status: "ok", response: {} }]));
      waiting.get(event)?.(message);
    };
    return response;
  });
  const send = (topic: string, event: string, payload: unknown) => {
    for (const socket of sockets) socket.send(JSON.stringify([null, null, topic, event, payload]));
  };
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    addresses,
    /** The next message of this kind. */
    next: (event: string) => new Promise<Message>((resolve) => waiting.set(event, resolve)),
    broadcast: (topic: string, event: string) =>
      send(topic, "broadcast", { type: "broadcast", event, payload: { id: "1" } }),
    hangUp: () => sockets.forEach((socket) => socket.close()),
    stop: () => server.shutdown(),
  };
}

/** realtime-js ends its socket and timers in its own time, after the test: no leak of ours. */
function realtimeTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, sanitizeOps: false, sanitizeResources: false, fn });
}

realtimeTest("a broadcast of the organization wakes, another's or another event does not", async () => {
  const realtime = startRealtime();
  const bell = alarm();
  const joined = realtime.next("phx_join");
  const stop = realtimeWakeUps({ supabaseUrl: realtime.url, secretKey: SECRET_KEY })(7, bell.wake);
  const [, , topic, , payload] = await joined;
  assert.equal(topic, "realtime:drift-events:7");
  assert.equal((payload.config as { private: boolean }).private, true);
  assert.equal(realtime.addresses[0]!.pathname, "/realtime/v1/websocket");
  await bell.rung(1);
  realtime.broadcast("realtime:drift-events:8", "written");
  realtime.broadcast(topic, "something_else");
  realtime.broadcast(topic, "written");
  await bell.rung(2);
  assert.equal(bell.count, 2, "once for having joined, once for the broadcast");
  const left = realtime.next("phx_leave");
  stop();
  assert.equal((await left)[2], topic);
  await realtime.stop();
});

realtimeTest("after a broken connection it joins again, and wakes for what it may have missed", async () => {
  const realtime = startRealtime();
  const bell = alarm();
  const stop = realtimeWakeUps({ supabaseUrl: realtime.url, secretKey: SECRET_KEY })(7, bell.wake);
  await bell.rung(1);
  const again = realtime.next("phx_join");
  realtime.hangUp();
  await again;
  await bell.rung(2);
  const left = realtime.next("phx_leave");
  stop();
  await left;
  await realtime.stop();
});

realtimeTest(
  "who listens again at once hears again: a reloaded page closes one stream and opens another",
  async () => {
    const realtime = startRealtime();
    const [before, after] = [alarm(), alarm()];
    const listen = realtimeWakeUps({ supabaseUrl: realtime.url, secretKey: SECRET_KEY });
    const stopBefore = listen(7, before.wake);
    await before.rung(1);
    stopBefore();
    const stop = listen(7, after.wake);
    await after.rung(1);
    realtime.broadcast("realtime:drift-events:7", "written");
    await after.rung(2);
    assert.equal(before.count, 1, "who has stopped hears nothing more");
    const left = realtime.next("phx_leave");
    stop();
    await left;
    await realtime.stop();
  },
);

realtimeTest("where there is no Realtime nothing wakes and nothing breaks", async () => {
  const asked = Promise.withResolvers<void>();
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, () => {
    asked.resolve();
    return new Response("no such place", { status: 404 });
  });
  const bell = alarm();
  const env = { supabaseUrl: `http://127.0.0.1:${server.addr.port}`, secretKey: SECRET_KEY };
  const stop = realtimeWakeUps(env)(7, bell.wake);
  await asked.promise;
  stop();
  await server.shutdown();
  assert.equal(bell.count, 0);
});

/** Guarantee: a stream ends by itself after its time, and what was missed is there after a restart of the server. */
import assert from "node:assert/strict";
import { startStack } from "../../dev/stack.ts";
import { tokenAt } from "./sign_in.ts";
import { openStream } from "./stream_reader.ts";

const variables = { STREAM_TICK_MILLISECONDS: "50", STREAM_MAX_SECONDS: "1" };

async function change(url: string, token: string, size: number) {
  const response = await fetch(`${url}/v1/resources`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({
      external_id: "lasting",
      name: "lasting",
      resource_type: "t",
      provider: "p",
      configuration: { size },
    }),
  });
  assert.ok(response.ok);
  await response.body?.cancel();
}

Deno.test("events outlive the stream's end and the server's", async () => {
  const folder = await Deno.makeTempDir();
  const options = {
    port: 0,
    folder: `${folder}/database`,
    rateLimits: false,
    web: false,
    log: () => {},
    variables,
  };
  try {
    const first = await startStack(options);
    const token = await tokenAt(first.url, "user");
    await change(first.url, token, 1);
    const stream = await openStream(`${first.url}/api/ws/drifts`, { authorization: `Bearer ${token}` });
    const text = await stream.rest();
    assert.match(text, /: come back with the last id\n\n$/);
    const lastId = /^id: (\d+)$/m.exec(text)![1]!;
    await change(first.url, token, 2);
    await first.stop();

    const second = await startStack(options);
    const again = await openStream(`${second.url}/api/ws/drifts`, {
      authorization: `Bearer ${await tokenAt(second.url, "user")}`,
      "last-event-id": lastId,
    });
    const replayed = await again.rest();
    const types = [...replayed.matchAll(/"type":"(\w+)"/g)].map(([, type]) => type);
    assert.deepEqual(types, ["connected", "drift_detected", "scan_progress"]);
    const ids = [...replayed.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
    assert.deepEqual(ids, [0, 1, 2].map((step) => Number(lastId) + step));
    await second.stop();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

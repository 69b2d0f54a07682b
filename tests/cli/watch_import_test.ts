/** Watching loses and repeats no event over broken connections; importing sends the file as it is, once. */
import assert from "node:assert/strict";
import { Home } from "./infraudit_process.ts";
import { driftEventData, KEY, TIMESTAMP } from "./samples.ts";
import { json, serveScript } from "./scripted_server.ts";

function event(id: number, summary: string): string {
  const data = driftEventData(id, summary);
  return `id: ${id}\ndata: ${JSON.stringify({ type: "drift_detected", data, timestamp: TIMESTAMP })}\n\n`;
}

/** A body that breaks off before the length that was announced. */
function broken(...parts: string[]): Response {
  const headers = { "content-type": "text/event-stream", "content-length": "100000" };
  return new Response(new Blob(parts).stream(), { headers });
}

const homeFor = (url: string) => new Home({ INFRAUDIT_API_KEY: KEY, INFRAUDIT_SERVER_URL: url });

Deno.test("watch comes back with the last id, one JSON object a line, and ends after as many as asked", async () => {
  const greeting = { organization_id: 1, last_event_id: 40, complete: true };
  const connected = `data: ${
    JSON.stringify({ type: "connected", data: greeting, timestamp: TIMESTAMP })
  }\n\n`;
  await using server = serveScript((_, count) =>
    count === 0
      ? broken("retry: 1\n\n", connected, event(41, "a"), event(42, "b"))
      : broken("retry: 1\n\n", connected, event(43, "c"), event(44, "d"))
  );
  await using home = homeFor(server.url);
  const { code, stdout, stderr } = await home.run(["drifts", "watch", "--events", "3", "-o", "json"]);
  assert.equal(code, 0, stderr);
  const lines = stdout.trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(lines.map((line) => [line.id, line.type, line.data.summary]), [
    ["41", "drift_detected", "a"],
    ["42", "drift_detected", "b"],
    ["43", "drift_detected", "c"],
  ]);
  assert.deepEqual(server.requests.map((one) => one.headers.get("last-event-id")), [null, "42"]);
  assert.equal(server.requests[0]?.path, "/api/ws/drifts", "the credential is in the header, not in the URL");
  assert.match(stderr, /connected\n.*Reconnecting in 1 s…\nconnected/);
});

Deno.test("watch in words: one line an event, whatever its text holds; a dead credential ends it with 4", async () => {
  await using server = serveScript((_, count) =>
    count === 0
      ? broken("retry: 1\n\n", event(1, "line\nbreak \u001b[31m"))
      : json({ error: "The key was revoked.", code: "API_KEY_REVOKED", request_id: "req-2" }, 401)
  );
  await using home = homeFor(server.url);
  const { code, stdout, stderr } = await home.run(["drift", "watch", "--last-event-id", "7", "-q"]);
  assert.equal(code, 4);
  assert.equal(stdout, `${TIMESTAMP}\tdrift_detected\thigh\tdemo-logs\tline break \\u001b[31m\n`);
  assert.equal(server.requests[0]?.headers.get("last-event-id"), "7");
  assert.match(stderr, /^infraudit drifts watch failed: The key was revoked/);
});

Deno.test("an import is the file's own text, and one whose answer got lost is sent again under the same key", async () => {
  const answer = { created: 1, updated: 0, unchanged: 0, drifted: 0, ignored: 0, deleted: 0 };
  await using server = serveScript((_, count) => count === 0 ? broken('{"cre') : json(answer));
  await using home = homeFor(server.url);
  const text = '[ {"external_id": "a", "configuration": {"size": 1.0, "big": 12345678901234567890}} ]\n';
  await Deno.writeTextFile(`${home.path}/state.json`, text);
  const { code, stdout, stderr } = await home.run([
    "resources",
    "import",
    "state.json",
    "--source",
    "s",
    "-o",
    "json",
  ]);
  assert.equal(code, 0, stderr);
  assert.deepEqual(JSON.parse(stdout), answer);
  assert.deepEqual(server.requests.map((one) => [one.path, one.body]), [
    ["/v1/resources/import?source=s&detail=true", text],
    ["/v1/resources/import?source=s&detail=true", text],
  ]);
  const [first, second] = server.requests.map((one) => one.headers.get("idempotency-key"));
  assert.ok(first);
  assert.equal(first, second);
  const piped = await home.run(["resource", "import", "-"], { stdin: text });
  assert.equal(piped.code, 0, piped.stderr);
  assert.equal(server.requests[2]?.body, text);
  assert.notEqual(server.requests[2]?.headers.get("idempotency-key"), first);
});

Deno.test("a file that is no import is exit code 2, before anything is asked of the server", async () => {
  await using server = serveScript(() => json({}));
  await using home = homeFor(server.url);
  await Deno.writeTextFile(`${home.path}/secret.json`, '{"password": "hunter22"');
  await Deno.writeTextFile(`${home.path}/empty.json`, "\ufeff\n");
  await Deno.writeTextFile(`${home.path}/large.json`, `"${"x".repeat(8 * 1024 * 1024)}"`);
  const rows: [file: string, says: RegExp][] = [
    ["missing.json", /missing\.json can't be read: there is no such file/],
    [".", /can't be read: it is a folder/],
    ["secret.json", /secret\.json is not JSON/],
    ["empty.json", /empty\.json is empty: the command before it may have failed/],
    ["large.json", /large\.json is over 8 MiB, 5000 resources or 250000 values, and its format can't be cut/],
  ];
  for (const [file, says] of rows) {
    const { code, stdout, stderr } = await home.run(["resources", "import", file]);
    assert.deepEqual([code, stdout], [2, ""], file);
    assert.match(stderr, says);
    assert.doesNotMatch(stderr, /hunter22/);
  }
  assert.equal(server.requests.length, 0);
});

/** A stack that is told to stop ends at once and whole, whoever is still listening. */
import assert from "node:assert/strict";
import { runStack, signedIn, tokenOf } from "./running_stack.ts";

const AT_ONCE_MILLISECONDS = 5000;

Deno.test("stopping ends open streams and frees the port; a second stop does nothing more", async () => {
  const stack = await runStack();
  const token = await tokenOf(await signedIn(stack, "user@example.com"));
  const stream = await fetch(`${stack.url}/api/ws/drifts?token=${token}`);
  assert.equal(stream.status, 200);
  const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes('"connected"')) text += (await reader.read()).value;

  const started = performance.now();
  // However the stream ends, it ends.
  const end = (async () => {
    while (!(await reader.read()).done);
  })().catch(() => {});
  await stack.stop();
  await end;
  assert.ok(performance.now() - started < AT_ONCE_MILLISECONDS);
  await stack.stop();
  await using next = await runStack({ port: Number(new URL(stack.url).port) });
  assert.equal(next.url, stack.url);
});

Deno.test("a client that goes away ends its request, not the stack", async () => {
  await using stack = await runStack();
  const token = await tokenOf(await signedIn(stack, "user@example.com"));
  const gone = new AbortController();
  const stream = await fetch(`${stack.url}/api/ws/drifts?token=${token}`, { signal: gone.signal });
  const reader = stream.body!.getReader();
  await reader.read();
  gone.abort();
  await assert.rejects(reader.read());
  const cut = new AbortController();
  const asked = fetch(`${stack.url}/v1/resources`, {
    headers: { authorization: `Bearer ${token}` },
    signal: cut.signal,
  });
  cut.abort();
  await assert.rejects(asked);
  const after = await fetch(`${stack.url}/v1/auth/me`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal(after.status, 200, await after.text());
});

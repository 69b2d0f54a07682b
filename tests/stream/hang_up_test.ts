/** Guarantee: a Realtime that is away is not asked again and again when nobody listens any more. */
import assert from "node:assert/strict";

const PATIENCE_MILLISECONDS = 30_000;

Deno.test("where Realtime is away, who has stopped listening lets the process end", async () => {
  const asked = Promise.withResolvers<void>();
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    if (request.headers.has("upgrade")) asked.resolve();
    else await asked.promise;
    return new Response("away", { status: 503 });
  });
  const url = `http://127.0.0.1:${server.addr.port}`;
  // Stops while the connection is being made or made again.
  const listener = `
    import { realtimeWakeUps } from "./supabase/functions/api/wake_ups.ts";
    const stop = realtimeWakeUps({ supabaseUrl: "${url}", secretKey: "sb_secret_for_this_test" })(7, () => {});
    await (await fetch("${url}")).body?.cancel();
    stop();`;
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", listener],
    cwd: new URL("../../", import.meta.url),
    signal: AbortSignal.timeout(PATIENCE_MILLISECONDS),
  }).output();
  await server.shutdown();
  assert.equal(code, 0, "it was still asking for a connection, for nobody");
});

/** The event stream: open as long as its credential lives, at most two minutes at a time. */
import { type SSEStreamingApi, streamSSE } from "hono/streaming";
import { streamDrifts, type StreamEvent } from "../../../shared/contracts/stream.ts";
import type { Caller } from "../../../shared/auth/authenticator.ts";
import { findStreamCredential } from "../../../shared/auth/credential.ts";
import { publicName } from "../../../shared/auth/principal.ts";
import { createCallerDatabase } from "../../../shared/db/client.ts";
import { refuseIfForbidden } from "../../../shared/db/refusal.ts";
import type { App } from "../../../shared/http/base_app.ts";
import { clientAddress } from "../../../shared/http/client_address.ts";
import type { Deps } from "../../../shared/http/deps.ts";

const RETRY_MILLISECONDS = 2000;

export function addStreamRoute(app: App, deps: Deps): void {
  app.on(streamDrifts.method, streamDrifts.path, async (c) => {
    const address = clientAddress(c.req.raw.headers, deps.env.trustedProxyHops);
    const credential = findStreamCredential(c.req.raw.headers, new URL(c.req.url).searchParams);
    const caller = await deps.authenticator.authenticate(credential, address);
    const { principal } = await caller.admission;
    c.set("principal", publicName(principal));
    const db = createCallerDatabase(deps.env.supabaseUrl, deps.env.publishableKey, () => caller.dataToken());
    await refuseIfForbidden(db, "drifts:read");

    const response = streamSSE(c, (stream) => follow(stream, caller, deps));
    response.headers.set("Cache-Control", "no-store");
    response.headers.set("X-Accel-Buffering", "no");
    return response;
  });
}

async function follow(stream: SSEStreamingApi, caller: Caller, deps: Deps): Promise<void> {
  const { streamMaxSeconds, streamHeartbeatSeconds, streamTickMilliseconds } = deps.env;
  const started = Date.now();
  let lastWrite = started;
  await stream.writeSSE({ id: "0", retry: RETRY_MILLISECONDS, data: event("connected", {}) });
  while (!stream.aborted) {
    await stream.sleep(streamTickMilliseconds);
    const now = Date.now();
    const fault = await caller.recheck().then(() => undefined, (error: Error) => error);
    if (fault || (caller.expiresAt !== null && caller.expiresAt * 1000 <= now)) {
      await stream.write(": the credential has ended\n\n");
      return;
    }
    if (now - started >= streamMaxSeconds * 1000) {
      await stream.write(": come back with the last id\n\n");
      return;
    }
    if (now - lastWrite >= streamHeartbeatSeconds * 1000) {
      await stream.write(": heartbeat\n\n");
      lastWrite = now;
    }
  }
}

function event(type: StreamEvent["type"], data: StreamEvent["data"]): string {
  return JSON.stringify({ type, data, timestamp: new Date().toISOString() } satisfies StreamEvent);
}

/** The event stream: replays what was missed, then follows; open as long as its credential lives. */
import type { Caller } from "../../../shared/auth/authenticator.ts";
import { findStreamCredential } from "../../../shared/auth/credential.ts";
import { type Principal, publicName } from "../../../shared/auth/principal.ts";
import { streamDrifts } from "../../../shared/contracts/stream.ts";
import { createCallerDatabase } from "../../../shared/db/client.ts";
import { refuseIfForbidden } from "../../../shared/db/refusal.ts";
import { ApiError } from "../../../shared/errors/api_error.ts";
import type { App } from "../../../shared/http/base_app.ts";
import { requestAddress } from "../../../shared/http/client_address.ts";
import type { Deps } from "../../../shared/http/deps.ts";
import { EventHub, type Listener } from "./event_hub.ts";
import { LOOK_LIMIT, type LookAt, lookInto, type OutboxEvent, type Subscriber } from "./event_outbox.ts";
import { EventWriter, formatEvent } from "./event_writer.ts";
import { takeStreamPlace } from "./stream_places.ts";
import { noWakeUps, realtimeWakeUps } from "./wake_ups.ts";

const RETRY_MILLISECONDS = 2000;
/** How often a reader that is being replayed to may keep its buffer full, a tick each. */
const MAX_STALLS = 10;

export function addStreamRoute(app: App, deps: Deps): void {
  const look = lookInto(deps.service);
  const wakeUps = deps.env.streamWakeUps ? realtimeWakeUps(deps.env) : noWakeUps;
  const hub = new EventHub(look, deps.env.streamTickMilliseconds, wakeUps);

  app.on(streamDrifts.method, streamDrifts.path, async (c) => {
    const address = requestAddress(c.req.raw.headers, deps.env);
    const parameters = new URL(c.req.url).searchParams;
    const credential = findStreamCredential(c.req.raw.headers, parameters);
    const caller = await deps.authenticator.authenticate(credential, address);
    const { principal } = await caller.admission();
    c.set("principal", publicName(principal));
    const lastEventId = readLastEventId(c.req.header("last-event-id") ?? parameters.get("last_event_id"));
    const { supabaseUrl, publishableKey } = deps.env;
    const db = createCallerDatabase(supabaseUrl, publishableKey, () => caller.dataToken(), caller.admission);
    await refuseIfForbidden(db, "drifts:read");

    const subscriber = subscriberOf(principal, caller);
    const leavePlace = await takeStreamPlace(deps.service, subscriber, deps.env.streamMaxSeconds);
    try {
      const organizationId = principal.organization_id ?? 0;
      const start = await findStart(look, organizationId, subscriber, lastEventId);
      const stream = new DriftStream(deps, hub, look, caller, organizationId, subscriber, start, leavePlace);
      void stream.run();
      return new Response(stream.body, {
        headers: {
          "Content-Type": "text/event-stream",
          "Cache-Control": "no-store",
          "X-Accel-Buffering": "no",
        },
      });
    } catch (error) {
      void leavePlace();
      throw error;
    }
  });
}

interface Start {
  id: number;
  /** False when events after the given id are no longer kept, or the id is not of this outbox. */
  complete: boolean;
}

class DriftStream implements Listener {
  cursor: number;
  readonly #writer: EventWriter;
  readonly #started = Date.now();
  #lastWrite = Date.now();
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    readonly deps: Deps,
    readonly hub: EventHub,
    readonly look: LookAt,
    readonly caller: Caller,
    readonly organizationId: number,
    readonly subscriber: Subscriber,
    readonly start: Start,
    leavePlace: () => Promise<void>,
  ) {
    this.cursor = start.id;
    this.#writer = new EventWriter(() => {
      clearInterval(this.#timer);
      hub.leave(this);
      void leavePlace();
    });
  }

  get body(): ReadableStream<Uint8Array> {
    return this.#writer.body;
  }

  /** Greets, reads up, joins the others; settles when the stream is live or over. */
  async run(): Promise<void> {
    const { id, complete } = this.start;
    this.#write(formatEvent(id, {
      type: "connected",
      data: { organization_id: this.organizationId, last_event_id: id, complete },
      timestamp: new Date().toISOString(),
    }, RETRY_MILLISECONDS));
    this.#timer = setInterval(() => this.#checkClock(), Math.min(this.deps.env.streamTickMilliseconds, 1000));
    await this.#readUp();
  }

  /** Replays what was missed, as fast as the reader takes it, until nothing is left but what comes. */
  async #readUp(): Promise<void> {
    let stalls = 0;
    while (this.#writer.isOpen) {
      const isDrained = await this.#writer.isDrained(this.deps.env.streamTickMilliseconds);
      if (!isDrained && ++stalls > MAX_STALLS) {
        return this.#writer.end("too slow: come back with the last id");
      }
      const seen = await this.look(this.organizationId, [this.subscriber], this.cursor).catch(() => null);
      if (seen === null) return this.end("unreachable");
      if (seen.dead.length > 0) return this.end("credential");
      if (!isDrained) continue;
      if (seen.events.length > 0) this.take(seen.events);
      // No await between the check and joining: nothing can come in between.
      if (seen.events.length < LOOK_LIMIT && this.#writer.isOpen && this.hub.join(this)) return;
    }
  }

  take(events: readonly OutboxEvent[]): void {
    this.cursor = events.at(-1)?.id ?? this.cursor;
    this.#write(events.map(format).join(""));
  }

  end(reason: "credential" | "unreachable"): void {
    this.#writer.end(reason === "credential" ? "the credential has ended" : "come back with the last id");
  }

  #write(text: string): void {
    this.#lastWrite = Date.now();
    this.#writer.write(text);
  }

  #checkClock(): void {
    const now = Date.now();
    const { streamMaxSeconds, streamHeartbeatSeconds } = this.deps.env;
    if (this.caller.expiresAt !== null && this.caller.expiresAt * 1000 <= now) return this.end("credential");
    if (now - this.#started >= streamMaxSeconds * 1000) {
      return this.#writer.end("come back with the last id");
    }
    if (now - this.#lastWrite >= streamHeartbeatSeconds * 1000) this.#write(": heartbeat\n\n");
  }
}

function format({ id, type, data, created_at }: OutboxEvent): string {
  return formatEvent(id, { type, data, timestamp: new Date(created_at).toISOString() });
}

/** The id to come back with: a browser's header is newer than the address it was given once. */
function readLastEventId(given: string | null | undefined): number | null {
  if (given === null || given === undefined || given === "") return null;
  if (/^\d{1,15}$/.test(given)) return Number(given);
  throw new ApiError("INVALID_REQUEST", "The last event id is not from this stream.");
}

/** Where a stream begins: after the given event, or with what happens from now on. */
async function findStart(
  look: LookAt,
  organizationId: number,
  subscriber: Subscriber,
  lastEventId: number | null,
): Promise<Start> {
  const { last_id, oldest_id } = await look(organizationId, [subscriber], null);
  if (lastEventId === null) return { id: last_id, complete: true };
  if (lastEventId > last_id) return { id: last_id, complete: false };
  return { id: lastEventId, complete: lastEventId + 1 >= (oldest_id ?? last_id + 1) };
}

function subscriberOf(principal: Principal, caller: Caller): Subscriber {
  return {
    user_id: principal.user_id,
    session_id: principal.session_id,
    issued_at: principal.session_id === null && principal.api_key_id === null ? caller.issuedAt : null,
    api_key_id: principal.api_key_id,
  };
}

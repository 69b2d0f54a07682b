/** Reads the event stream for as long as wanted: parses server-sent events and comes back with the last id. */
import { findFaults } from "./answer.ts";
import { ApiFailure, NetworkFailure, UnreadableAnswer } from "./client_failures.ts";
import type { Client } from "./client_types.ts";
import { parseEvents } from "./event_parser.ts";
import { streamDrifts, StreamEvent } from "../contracts/stream.ts";

const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 30_000;
/** Three heartbeats of 15 s missed: the connection is dead though nothing said so. */
const SILENCE_LIMIT_MS = 45_000;

/** One event with the id to come back with. */
export interface ReceivedEvent {
  id: string;
  event: StreamEvent;
}

/** Settings of {@link watchEvents}. */
export interface WatchOptions {
  /** The last event already seen; what came after it is replayed first. */
  lastEventId?: string;
  /** Ends the watch without an error. */
  signal?: AbortSignal;
  /** Told before each pause: why the stream ended and in how many milliseconds it is opened again. */
  onPause?: (reason: string, delayMs: number) => void;
  /** Longest silence before the connection counts as dead, in milliseconds. */
  silenceLimitMs?: number;
}

/**
 * Follows the organization's events over any number of connections, each event once and in order.
 * @param client whose credential is asked anew for each connection
 * @returns events until the signal ends it
 * @throws ApiFailure when the API refuses (all but 429 and 5xx, which are waited out)
 */
export async function* watchEvents(
  client: Client,
  options: WatchOptions = {},
): AsyncGenerator<ReceivedEvent> {
  let lastEventId = options.lastEventId;
  let retryMs = FIRST_RETRY_MS;
  let failures = 0;
  while (!options.signal?.aborted) {
    let reason = "the server ended the stream";
    let waitMs: number | undefined;
    const connection = linkedController(options.signal);
    try {
      const watchdog = startWatchdog(connection.controller, options.silenceLimitMs ?? SILENCE_LIMIT_MS);
      try {
        const headers = lastEventId ? { "last-event-id": lastEventId } : undefined;
        const response = await client.open(streamDrifts, {}, {
          signal: connection.controller.signal,
          headers,
        });
        for await (const message of parseEvents(response, watchdog.reset)) {
          failures = 0;
          if (message.retryMs !== undefined) retryMs = message.retryMs;
          if (message.id !== undefined) lastEventId = message.id || undefined;
          const event = message.data === undefined ? undefined : readEvent(message.data);
          if (event) yield { id: lastEventId ?? "", event };
        }
      } finally {
        watchdog.stop();
      }
    } catch (error) {
      if (options.signal?.aborted) return;
      ({ reason, waitMs } = explainBreak(error));
      failures += 1;
    } finally {
      connection.close();
    }
    const backoffMs = failures > 1 ? Math.min(retryMs * 2 ** (failures - 1), LONGEST_RETRY_MS) : retryMs;
    const delayMs = Math.max(waitMs ?? 0, backoffMs);
    options.onPause?.(reason, delayMs);
    await pause(delayMs, options.signal);
  }
}

/** An event this client does not know is passed over: a newer server may send kinds of its own. */
function readEvent(data: string): StreamEvent | undefined {
  try {
    const event = JSON.parse(data);
    return findFaults(StreamEvent, event).length === 0 ? event as StreamEvent : undefined;
  } catch {
    return undefined;
  }
}

function explainBreak(error: unknown): { reason: string; waitMs?: number } {
  if (error instanceof ApiFailure) {
    if (error.status !== 429 && error.status < 500) throw error;
    const waitMs = error.retryAfter === undefined ? undefined : error.retryAfter * 1000;
    return { reason: error.message, waitMs };
  }
  if (error instanceof NetworkFailure || error instanceof SilentConnection) return { reason: error.message };
  if (error instanceof UnreadableAnswer) throw error;
  // What fetch throws when a body breaks off differs from runtime to runtime, but is a TypeError in all.
  if (error instanceof TypeError) return { reason: "the connection broke off" };
  throw error;
}

class SilentConnection extends Error {}

function startWatchdog(controller: AbortController, limitMs: number) {
  const bark = () => controller.abort(new SilentConnection("the stream fell silent"));
  let timer = setTimeout(bark, limitMs);
  return {
    reset() {
      clearTimeout(timer);
      timer = setTimeout(bark, limitMs);
    },
    stop: () => clearTimeout(timer),
  };
}

function linkedController(signal: AbortSignal | undefined) {
  const controller = new AbortController();
  const forward = () => controller.abort(signal?.reason);
  signal?.addEventListener("abort", forward, { once: true });
  return {
    controller,
    close() {
      signal?.removeEventListener("abort", forward);
      // The consumer may have left in the middle of a connection: nothing may stay open behind it.
      controller.abort();
    },
  };
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done, { once: true });
  });
}

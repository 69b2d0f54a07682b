/** A reader of the event stream for tests: everything that arrives, as it arrives, held against its schema. */
import { parseEvents } from "../../shared/client/event_parser.ts";
import { StreamEvent } from "../../shared/contracts/stream.ts";

export interface Received {
  id: number;
  type: string;
  // Tests read what they expect and assert it.
  // deno-lint-ignore no-explicit-any
  data: any;
}

export interface OpenStream {
  readonly status: number;
  readonly headers: Headers;
  /** The next event that is not of the passed-over types; undefined when the stream has ended. */
  next(): Promise<Received | undefined>;
  /** Everything until the stream ends by itself, comments included. */
  rest(): Promise<string>;
  /** Hangs up. */
  close(): void;
}

/**
 * Opens a stream.
 * @param url with its query; `headers` carry the credential, or nothing
 */
export async function openStream(url: string, headers: Record<string, string> = {}): Promise<OpenStream> {
  const stop = new AbortController();
  const response = await fetch(url, { headers, signal: stop.signal });
  let events:
    | AsyncGenerator<Awaited<ReturnType<ReturnType<typeof parseEvents>["next"]>>["value"]>
    | undefined;
  const close = () => stop.abort();
  return {
    status: response.status,
    headers: response.headers,
    next: async () => {
      events ??= parseEvents(response);
      for (;;) {
        const { value, done } = await events.next();
        if (done) return undefined;
        if (value.data === undefined) continue;
        const { type, data } = StreamEvent.parse(JSON.parse(value.data));
        return { id: Number(value.id), type, data };
      }
    },
    rest: () => response.text(),
    close,
  };
}

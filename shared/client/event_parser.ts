/** Server-sent events out of a response body, by the WHATWG HTML standard §9.2.6. */

/** One block of the stream; a field is absent when the block had none of it. */
export interface Message {
  /** All `data` lines joined; absent for a block that dispatches nothing. */
  data?: string;
  /** The last event id as this block sets it; the empty string resets it. */
  id?: string;
  /** Milliseconds to wait before coming back. */
  retryMs?: number;
}

/**
 * Parses a stream of events.
 * @param response with the stream as its body
 * @param onBytes called whenever anything arrives, heartbeat comments as well
 * @returns one message a block, in order; an unfinished last block is dropped, as the standard says
 */
export async function* parseEvents(
  response: Response,
  onBytes: () => void = () => {},
): AsyncGenerator<Message> {
  let message: Message = {};
  for await (const line of readLines(response, onBytes)) {
    if (line === "") {
      if (Object.keys(message).length > 0) yield message;
      message = {};
    } else {
      takeLine(message, line);
    }
  }
}

function takeLine(message: Message, line: string): void {
  const colon = line.indexOf(":");
  if (colon === 0) return;
  const field = colon < 0 ? line : line.slice(0, colon);
  const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
  if (field === "data") message.data = message.data === undefined ? value : `${message.data}\n${value}`;
  else if (field === "id" && !value.includes("\0")) message.id = value;
  else if (field === "retry" && /^\d+$/.test(value)) message.retryMs = Number(value);
}

/** Lines that end with LF, CR or CRLF, wherever the chunks were cut. */
async function* readLines(response: Response, onBytes: () => void): AsyncGenerator<string> {
  if (!response.body) return;
  // TextDecoder drops the byte order mark and joins characters cut in two.
  const decoder = new TextDecoder();
  let pending = "";
  const reader = response.body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      onBytes();
      pending += decoder.decode(value, { stream: true });
      // A CR at the end may be the first half of CRLF: it waits for the next chunk.
      const parts = pending.split(/\r\n|\n|\r(?!$)/);
      pending = parts.pop() ?? "";
      yield* parts;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

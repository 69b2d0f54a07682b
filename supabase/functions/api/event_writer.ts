/** Writes server-sent events into a response body whose buffer is bounded. */
import type { StreamEvent } from "../../../shared/contracts/stream.ts";

/** An event as the outbox keeps it: its data was shaped by the database. */
export interface WritableEvent {
  readonly type: StreamEvent["type"];
  readonly data: Record<string, unknown>;
  readonly timestamp: string;
}

/** What may wait for a slow reader before the stream ends. */
export const MAX_BUFFERED_BYTES = 128 * 1024;

const encoder = new TextEncoder();

export class EventWriter {
  readonly body: ReadableStream<Uint8Array>;
  #controller!: ReadableStreamDefaultController<Uint8Array>;
  #isOpen = true;
  #wake: (() => void) | undefined;

  /** @param onClose told once, when the reader goes away or the stream is ended */
  constructor(readonly onClose: () => void) {
    this.body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: () => this.#wake?.(),
        cancel: () => this.#close(),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: MAX_BUFFERED_BYTES }),
    );
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /**
   * Writes text as it is.
   * @returns false when the reader is too slow to take it: the stream has then ended without it
   */
  write(text: string): boolean {
    if (!this.#isOpen) return false;
    const bytes = encoder.encode(text);
    const room = this.#controller.desiredSize ?? 0;
    if (bytes.length > room && room < MAX_BUFFERED_BYTES) {
      this.end();
      return false;
    }
    this.#controller.enqueue(bytes);
    return true;
  }

  /** Waits until the reader has taken everything, or the time is over. @returns whether nothing waits any more */
  async isDrained(milliseconds: number): Promise<boolean> {
    const isEmpty = () => (this.#controller.desiredSize ?? 0) >= MAX_BUFFERED_BYTES;
    if (this.#isOpen && !isEmpty()) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        this.#wake = () => {
          if (this.#isOpen && !isEmpty()) return;
          clearTimeout(timer);
          resolve();
        };
      });
      this.#wake = undefined;
    }
    return !this.#isOpen || isEmpty();
  }

  /** Ends the stream, with a last comment where there is one. */
  end(comment?: string): void {
    if (!this.#isOpen) return;
    if (comment) this.#controller.enqueue(encoder.encode(`: ${comment}\n\n`));
    this.#controller.close();
    this.#close();
  }

  #close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#wake?.();
    this.onClose();
  }
}

/** One unnamed event, so that `EventSource.onmessage` gets it. */
export function formatEvent(id: number, event: WritableEvent, retryMilliseconds?: number): string {
  const retry = retryMilliseconds === undefined ? "" : `retry: ${retryMilliseconds}\n`;
  return `${retry}id: ${id}\ndata: ${JSON.stringify(event)}\n\n`;
}

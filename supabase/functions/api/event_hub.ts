/** Shares one look a tick and organization among all event streams of this process. */
import { LOOK_LIMIT, type LookAt, type OutboxEvent, type Subscriber } from "./event_outbox.ts";

/** One open stream, as the hub sees it. */
export interface Listener {
  readonly organizationId: number;
  readonly subscriber: Subscriber;
  /** The last id it has taken. */
  readonly cursor: number;
  /** Takes events in order and moves the cursor. Must not wait: a stream that can't keep up ends itself. */
  take(events: readonly OutboxEvent[]): void;
  /** Told once when its credential has died, or the outbox has been out of reach for too long. */
  end(reason: "credential" | "unreachable"): void;
}

interface Channel {
  readonly listeners: Set<Listener>;
  /** Every listener has been given everything up to here. */
  cursor: number;
  isLooking: boolean;
  failingSince: number | null;
}

/** How long the outbox may be out of reach before streams end, for credentials can't be judged meanwhile. */
const UNREACHABLE_MILLISECONDS = 10_000;

export class EventHub {
  readonly #look: LookAt;
  readonly #tickMilliseconds: number;
  readonly #channels = new Map<number, Channel>();
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(look: LookAt, tickMilliseconds: number) {
    this.#look = look;
    this.#tickMilliseconds = tickMilliseconds;
  }

  /** How many streams a principal has open in this process. */
  countOf(isSame: (subscriber: Subscriber) => boolean): number {
    let count = 0;
    for (const { listeners } of this.#channels.values()) {
      for (const { subscriber } of listeners) if (isSame(subscriber)) count++;
    }
    return count;
  }

  /**
   * Adds a listener, if it has seen as much as the others of its organization.
   * @returns false when it has to read up first: events that the others were given would be missing
   */
  join(listener: Listener): boolean {
    const channel = this.#channels.get(listener.organizationId);
    if (channel && channel.cursor > listener.cursor) return false;
    if (channel) channel.listeners.add(listener);
    else {
      this.#channels.set(listener.organizationId, {
        listeners: new Set([listener]),
        cursor: listener.cursor,
        isLooking: false,
        failingSince: null,
      });
    }
    this.#timer ??= setInterval(() => void this.tick(), this.#tickMilliseconds);
    return true;
  }

  /** Takes a listener out; harmless for one that never joined. */
  leave(listener: Listener): void {
    const channel = this.#channels.get(listener.organizationId);
    if (!channel?.listeners.delete(listener)) return;
    if (channel.listeners.size === 0) this.#channels.delete(listener.organizationId);
    if (this.#channels.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Looks once for every organization that is not being looked for; the timer calls it. Never rejects. */
  async tick(): Promise<void> {
    const waiting = [...this.#channels].filter(([, channel]) => !channel.isLooking);
    await Promise.all(waiting.map(([organizationId, channel]) => this.#lookFor(organizationId, channel)));
  }

  async #lookFor(organizationId: number, channel: Channel): Promise<void> {
    channel.isLooking = true;
    try {
      let isMore = true;
      // A burst that fills a look is read on at once, not a tick later.
      while (isMore && channel.listeners.size > 0) {
        const groups = groupByCredential(channel.listeners);
        const subscribers = groups.map(([first]) => first!.subscriber);
        const { dead, events } = await this.#look(organizationId, subscribers, channel.cursor);
        channel.failingSince = null;
        for (const position of dead) this.#end(groups[position] ?? [], "credential");
        this.#handOut(channel, events);
        isMore = events.length >= LOOK_LIMIT;
      }
    } catch {
      // The next tick tries again; the request log of the database call has the cause.
      channel.failingSince ??= Date.now();
      if (Date.now() - channel.failingSince > UNREACHABLE_MILLISECONDS) {
        this.#end([...channel.listeners], "unreachable");
      }
    } finally {
      channel.isLooking = false;
    }
  }

  #handOut(channel: Channel, events: readonly OutboxEvent[]): void {
    channel.cursor = Math.max(channel.cursor, events.at(-1)?.id ?? 0);
    for (const listener of [...channel.listeners]) {
      const unseen = events.filter(({ id }) => id > listener.cursor);
      if (unseen.length > 0) listener.take(unseen);
    }
  }

  #end(listeners: readonly Listener[], reason: "credential" | "unreachable"): void {
    for (const listener of listeners) {
      this.leave(listener);
      listener.end(reason);
    }
  }
}

/** Streams of one credential are asked about once. */
function groupByCredential(listeners: Iterable<Listener>): Listener[][] {
  const groups = new Map<string, Listener[]>();
  for (const listener of listeners) {
    const key = JSON.stringify(Object.values(listener.subscriber));
    groups.set(key, [...groups.get(key) ?? [], listener]);
  }
  return [...groups.values()];
}

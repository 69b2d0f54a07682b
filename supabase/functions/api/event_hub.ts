/** Shares one look a tick and organization among all event streams of this process. */
import { LOOK_LIMIT, type LookAt, type OutboxEvent, type Subscriber } from "./event_outbox.ts";
import { type ListenForWakeUps, noWakeUps } from "./wake_ups.ts";

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
  /** A look that was asked for between two ticks. */
  wakeTimer: ReturnType<typeof setTimeout> | undefined;
  /** Until then wake-ups wait. */
  restsUntil: number;
  stopListening: () => void;
}

/** How long the outbox may be out of reach before streams end, for credentials can't be judged meanwhile. */
const UNREACHABLE_MILLISECONDS = 10_000;
/** Wake-ups that come closer together share one look. */
const WAKE_GAP_MILLISECONDS = 100;

export class EventHub {
  readonly #look: LookAt;
  readonly #tickMilliseconds: number;
  readonly #listen: ListenForWakeUps;
  readonly #channels = new Map<number, Channel>();
  #timer: ReturnType<typeof setInterval> | undefined;

  /** @param listen brings looks forward; without it the tick alone does */
  constructor(look: LookAt, tickMilliseconds: number, listen: ListenForWakeUps = noWakeUps) {
    this.#look = look;
    this.#tickMilliseconds = tickMilliseconds;
    this.#listen = listen;
  }

  /**
   * Adds a listener, if it has seen as much as the others of its organization.
   * @returns false when it has to read up first: events that the others were given would be missing
   */
  join(listener: Listener): boolean {
    const channel = this.#channels.get(listener.organizationId);
    if (channel && channel.cursor > listener.cursor) return false;
    if (channel) channel.listeners.add(listener);
    else this.#open(listener);
    this.#timer ??= setInterval(() => void this.tick(), this.#tickMilliseconds);
    return true;
  }

  /** Takes a listener out; harmless for one that never joined. */
  leave(listener: Listener): void {
    const channel = this.#channels.get(listener.organizationId);
    if (!channel?.listeners.delete(listener)) return;
    if (channel.listeners.size === 0) {
      this.#channels.delete(listener.organizationId);
      clearTimeout(channel.wakeTimer);
      channel.stopListening();
    }
    if (this.#channels.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Looks once for every organization that is not being looked for; the timer calls it. Never rejects. */
  async tick(): Promise<void> {
    const waiting = [...this.#channels].filter(([, channel]) => !channel.isLooking);
    await Promise.all(waiting.map(([organizationId, channel]) => this.#lookFor(organizationId, channel)));
  }

  #open(listener: Listener): void {
    const { organizationId, cursor } = listener;
    const channel: Channel = {
      listeners: new Set([listener]),
      cursor,
      isLooking: false,
      failingSince: null,
      wakeTimer: undefined,
      restsUntil: 0,
      stopListening: () => {},
    };
    this.#channels.set(organizationId, channel);
    channel.stopListening = this.#listen(organizationId, () => this.#wake(organizationId, channel));
  }

  /** Looks soon; while a look is under way, again after it, for it may have begun too early. */
  #wake(organizationId: number, channel: Channel): void {
    if (channel.listeners.size === 0) return;
    channel.wakeTimer ??= setTimeout(() => {
      channel.wakeTimer = undefined;
      channel.restsUntil = Date.now() + WAKE_GAP_MILLISECONDS;
      if (channel.isLooking) this.#wake(organizationId, channel);
      else void this.#lookFor(organizationId, channel);
    }, Math.max(0, channel.restsUntil - Date.now()));
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

/** Guarantee: streams share one look a tick and organization, and each is given every event once and in order. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { EventHub, type Listener } from "../../supabase/functions/api/event_hub.ts";
import { LOOK_LIMIT, type LookAt, type OutboxEvent } from "../../supabase/functions/api/event_outbox.ts";

const NEVER_MILLISECONDS = 2 ** 30;

/** An outbox in memory that counts how often it is looked at. */
function outbox() {
  const events = new Map<number, OutboxEvent[]>();
  const dead = new Set<string>();
  const state = { looks: 0, isDown: false };
  const look: LookAt = (organization, subscribers, after) => {
    state.looks++;
    if (state.isDown) return Promise.reject(new Error("down"));
    const all = events.get(organization) ?? [];
    return Promise.resolve({
      dead: subscribers.flatMap(({ user_id }, position) => dead.has(user_id) ? [position] : []),
      events: after === null ? [] : all.filter(({ id }) => id > after).slice(0, LOOK_LIMIT),
      last_id: all.at(-1)?.id ?? 0,
      oldest_id: all[0]?.id ?? null,
    });
  };
  const write = (organization: number, count = 1) => {
    const all = events.get(organization) ?? [];
    events.set(organization, all);
    for (let i = 0; i < count; i++) {
      all.push({
        id: all.length + 1,
        type: "drift_detected",
        data: { organization },
        created_at: "2026-11-24T00:00:00Z",
      });
    }
  };
  return { look, write, dead, state, events };
}

class Recorder implements Listener {
  readonly seen: number[] = [];
  readonly ends: string[] = [];
  readonly subscriber: Listener["subscriber"];
  constructor(readonly organizationId: number, user: string, public cursor = 0) {
    this.subscriber = { user_id: user, session_id: null, issued_at: 0, api_key_id: null };
  }
  take(events: readonly OutboxEvent[]): void {
    for (const { id, data } of events) {
      assert.equal(data.organization, this.organizationId, "never another organization's");
      this.seen.push(id);
    }
    this.cursor = events.at(-1)!.id;
  }
  end(reason: string): void {
    this.ends.push(reason);
  }
}

Deno.test("1,000 streams of 50 organizations: 50 looks a tick", async () => {
  const { look, write, state } = outbox();
  const hub = new EventHub(look, NEVER_MILLISECONDS);
  const all = Array.from({ length: 1_000 }, (_, index) => new Recorder(index % 50, `user-${index}`));
  for (const listener of all) assert.ok(hub.join(listener));
  for (let organization = 0; organization < 50; organization++) write(organization, 3);
  await hub.tick();
  assert.equal(state.looks, 50);
  for (const listener of all) assert.deepEqual(listener.seen, [1, 2, 3]);
  await hub.tick();
  assert.equal(state.looks, 100);
  for (const listener of all) assert.deepEqual(listener.seen, [1, 2, 3]);
  for (const listener of all) hub.leave(listener);
});

Deno.test("a dead credential ends all of its streams, and nobody else's", async () => {
  const { look, write, dead } = outbox();
  const hub = new EventHub(look, NEVER_MILLISECONDS);
  const [one, two, other] = [new Recorder(1, "a"), new Recorder(1, "a"), new Recorder(1, "b")];
  for (const listener of [one, two, other]) hub.join(listener);
  dead.add("a");
  write(1);
  await hub.tick();
  assert.deepEqual([one.ends, two.ends, other.ends], [["credential"], ["credential"], []]);
  assert.deepEqual([one.seen, two.seen, other.seen], [[], [], [1]]);
  hub.leave(other);
});

Deno.test("who has seen less than the others must read up before joining", async () => {
  const { look, write } = outbox();
  const hub = new EventHub(look, NEVER_MILLISECONDS);
  const early = new Recorder(1, "a");
  hub.join(early);
  write(1, 5);
  await hub.tick();
  const late = new Recorder(1, "b", 2);
  assert.equal(hub.join(late), false);
  const caughtUp = new Recorder(1, "b", 5);
  assert.equal(hub.join(caughtUp), true);
  write(1, 2);
  await hub.tick();
  assert.deepEqual(caughtUp.seen, [6, 7]);
  for (const listener of [early, caughtUp]) hub.leave(listener);
});

Deno.test("a burst beyond one look is read on at once", async () => {
  const { look, write, state } = outbox();
  const hub = new EventHub(look, NEVER_MILLISECONDS);
  const listener = new Recorder(1, "a");
  hub.join(listener);
  write(1, LOOK_LIMIT * 2 + 1);
  await hub.tick();
  assert.equal(listener.seen.length, LOOK_LIMIT * 2 + 1);
  assert.equal(state.looks, 3);
  hub.leave(listener);
});

Deno.test("an outbox that is down loses nothing", async () => {
  const { look, write, state } = outbox();
  const hub = new EventHub(look, NEVER_MILLISECONDS);
  const listener = new Recorder(1, "a");
  hub.join(listener);
  state.isDown = true;
  write(1, 2);
  await hub.tick();
  assert.deepEqual([listener.seen, listener.ends], [[], []]);
  state.isDown = false;
  await hub.tick();
  assert.deepEqual(listener.seen, [1, 2]);
  hub.leave(listener);
});

/** A hub whose looks can be held up, and what wakes it. */
function wakeable() {
  const { look, write, state } = outbox();
  const wakes = new Map<number, () => void>();
  let pass: Promise<void> = Promise.resolve();
  const hub = new EventHub(
    async (...asked) => {
      const answer = await look(...asked);
      await pass;
      return answer;
    },
    NEVER_MILLISECONDS,
    (organizationId, wake) => {
      wakes.set(organizationId, wake);
      return () => wakes.delete(organizationId);
    },
  );
  return { hub, write, state, wakes, holdUntil: (moment: Promise<void>) => pass = moment };
}

/** A listener that says when it has been given an event. */
function expectant(organizationId: number) {
  const listener = new Recorder(organizationId, "a");
  const arrivals: (() => void)[] = [];
  const take = listener.take.bind(listener);
  listener.take = (events) => {
    take(events);
    arrivals.splice(0).forEach((arrive) => arrive());
  };
  return { listener, arrival: () => new Promise<void>((resolve) => arrivals.push(resolve)) };
}

Deno.test("a wake-up brings the look forward, and many at once share it", async () => {
  const { hub, write, state, wakes } = wakeable();
  const { listener, arrival } = expectant(1);
  hub.join(listener);
  write(1);
  const arrived = arrival();
  for (let time = 0; time < 100; time++) wakes.get(1)!();
  await arrived;
  assert.deepEqual([listener.seen, state.looks], [[1], 1]);
  hub.leave(listener);
  assert.equal(wakes.size, 0, "nobody listens any more");
});

Deno.test("a wake-up during a look leads to another, for the look may have begun too early", async () => {
  const { hub, write, state, wakes, holdUntil } = wakeable();
  const { listener, arrival } = expectant(1);
  hub.join(listener);
  const held = Promise.withResolvers<void>();
  holdUntil(held.promise);
  const ticking = hub.tick();
  write(1);
  const arrived = arrival();
  wakes.get(1)!();
  held.resolve();
  await ticking;
  assert.deepEqual(listener.seen, [], "the first look had begun before the event");
  await arrived;
  assert.deepEqual([listener.seen, state.looks], [[1], 2]);
  hub.leave(listener);
});

Deno.test("whatever comes and goes, each listener sees every later event once and in order", async () => {
  const steps = fc.array(fc.constantFrom("write", "join", "leave", "tick"), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(steps, async (path) => {
      const { look, write, events } = outbox();
      const hub = new EventHub(look, NEVER_MILLISECONDS);
      const open: { listener: Recorder; from: number }[] = [];
      const last = () => events.get(1)?.length ?? 0;
      for (const step of path) {
        if (step === "write") write(1);
        else if (step === "tick") await hub.tick();
        else if (step === "leave") open.splice(0, 1).forEach(({ listener }) => hub.leave(listener));
        else {
          const listener = new Recorder(1, `user-${open.length}`, last());
          assert.ok(hub.join(listener));
          open.push({ listener, from: last() });
        }
      }
      await hub.tick();
      for (const { listener, from } of open) {
        assert.deepEqual(
          listener.seen,
          Array.from({ length: last() - from }, (_, index) => from + index + 1),
        );
        hub.leave(listener);
      }
    }),
    { numRuns: 200 },
  );
});

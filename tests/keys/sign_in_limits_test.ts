/** Guessing has limits by email and by network, however much comes at once; the owner is not locked out by them. */
import assert from "node:assert/strict";
import { type Call, outcome, startedIsolate, startedStack } from "./api_calls.ts";

Deno.test("limits on failed sign-ins", async (t) => {
  await using stack = await startedStack();
  const call = await startedIsolate(stack);
  const twin = await startedIsolate(stack);
  const attempt = (
    email: string,
    password: string,
    { from, ask = call }: { from?: string | null; ask?: Call } = {},
  ) => ask("POST", "/api/login", { body: { email, password }, ...(from !== undefined && { from }) });
  /** Side by side: every refusal takes its half a second. */
  const attempts = (count: number, email: string, password: string) =>
    Promise.all(Array.from({ length: count }, async () => outcome(await attempt(email, password))));
  const forget = () => stack.database.query("delete from private.sign_in_attempts");
  const sum = (outcomes: string[]) => {
    const tally: Record<string, number> = {};
    for (const one of outcomes) tally[one] = (tally[one] ?? 0) + 1;
    return tally;
  };

  await t.step("20 at once over two isolates: 10 are tried, the rest are refused untried", async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        attempt("user@example.com", "wrong", {
          from: "198.51.100.1",
          ask: index % 2 ? call : twin,
        })),
    );
    assert.deepEqual(sum(answers.map(outcome)), { "401 INVALID_CREDENTIALS": 10, "429 RATE_LIMITED": 10 });
    const refusal = answers.find(({ status }) => status === 429)!;
    const seconds = Number(refusal.headers.get("retry-after"));
    assert.ok(seconds > 800 && seconds <= 900, String(seconds));
    assert.equal(refusal.body.retryAfter, seconds);
    const here = { from: "198.51.100.1" };
    assert.equal(outcome(await attempt("user@example.com", "your-password", here)), "429 RATE_LIMITED");
    assert.equal(outcome(await attempt(" USER@example.com", "wrong", here)), "429 RATE_LIMITED");
    assert.equal(outcome(await attempt("owner@example.com", "your-password", here)), "200");
  });

  await t.step("they lock nobody out who comes from elsewhere", async () => {
    assert.equal(
      outcome(await attempt("user@example.com", "your-password", { from: "198.51.100.2" })),
      "200",
    );
  });

  await t.step(
    "from everywhere together there is a limit too, which a known network does not share",
    async () => {
      await forget();
      const isolate = await startedIsolate(stack, { RATE_LIMIT_FAILED_SIGN_INS_PER_EMAIL_OVERALL: "12" });
      const seen = await Promise.all(
        Array.from(
          { length: 20 },
          async (_, index) =>
            outcome(await attempt("user@example.com", "wrong", { from: `203.0.113.${index}`, ask: isolate })),
        ),
      );
      assert.deepEqual(sum(seen), { "401 INVALID_CREDENTIALS": 12, "429 RATE_LIMITED": 8 });
      const right = async (from: string | null) =>
        outcome(await attempt("user@example.com", "your-password", { from, ask: isolate }));
      assert.equal(await right("203.0.113.99"), "429 RATE_LIMITED");
      assert.equal(await right(null), "429 RATE_LIMITED");
      // Where they signed in before.
      assert.equal(await right("198.51.100.2"), "200");
    },
  );

  await t.step("a known network has the limit of one network", async () => {
    await forget();
    const seen = await Promise.all(
      Array.from(
        { length: 12 },
        async () => outcome(await attempt("user@example.com", "wrong", { from: "198.51.100.2" })),
      ),
    );
    assert.deepEqual(sum(seen), { "401 INVALID_CREDENTIALS": 10, "429 RATE_LIMITED": 2 });
  });

  await t.step("twenty networks are remembered, by a keyed hash, and no more", async () => {
    await forget();
    for (let index = 0; index < 25; index++) {
      await attempt("viewer@example.com", "your-password", { from: `192.0.2.${100 + index}` });
    }
    const places = await stack.database.query<{ email_hash: string; network: string }>(
      "select email_hash, network from private.sign_in_places where network like '192.0.2.1%'",
    );
    assert.equal(places.length, 20);
    assert.ok(places.every(({ email_hash }) => /^[\w-]{43}$/.test(email_hash)));
  });

  await t.step("nobody's email is refused alike, so that the limit tells nothing", async () => {
    await forget();
    const seen = await attempts(11, "nobody@example.com", "wrong");
    assert.deepEqual(sum(seen), { "401 INVALID_CREDENTIALS": 10, "429 RATE_LIMITED": 1 });
  });

  await t.step("the window slides: an attempt counts for 15 minutes and no longer", async () => {
    await forget();
    await attempts(10, "user@example.com", "wrong");
    const age = (seconds: number) =>
      stack.database.query(
        "update private.sign_in_attempts set attempts = array(select t - make_interval(secs => $1) from unnest(attempts) t)",
        [seconds],
      );
    await age(890);
    assert.equal(outcome(await attempt("user@example.com", "your-password")), "429 RATE_LIMITED");
    await age(10);
    assert.equal(outcome(await attempt("user@example.com", "your-password")), "200");
  });

  await t.step("sign-ins that succeed count for nothing", async () => {
    await forget();
    for (let index = 0; index < 12; index++) {
      assert.equal(outcome(await attempt("user@example.com", "your-password")), "200");
    }
    const rows = await stack.database.query<{ attempts: string[] }>(
      "select attempts from private.sign_in_attempts",
    );
    assert.deepEqual(rows.flatMap(({ attempts }) => attempts), []);
  });

  await t.step("an address has a limit over all emails, an unknown address none", async () => {
    await forget();
    const isolate = await startedIsolate(stack, { RATE_LIMIT_FAILED_SIGN_INS_PER_ADDRESS: "3" });
    const from = (address: string | null) => async (index: number) =>
      outcome(await attempt(`nobody${index}@example.com`, "wrong", { from: address, ask: isolate }));
    const seen = await Promise.all([1, 2, 3, 4, 5].map(from("203.0.113.1")));
    assert.deepEqual(sum(seen), { "401 INVALID_CREDENTIALS": 3, "429 RATE_LIMITED": 2 });
    assert.equal(await from("203.0.113.2")(6), "401 INVALID_CREDENTIALS");
    assert.deepEqual(sum(await Promise.all([7, 8, 9, 10].map(from(null)))), { "401 INVALID_CREDENTIALS": 4 });
  });

  await t.step("no email address stands in the table", async () => {
    await attempt("user@example.com", "wrong");
    const rows = await stack.database.query<{ bucket: string }>(
      "select bucket from private.sign_in_attempts",
    );
    assert.ok(rows.length > 0);
    assert.ok(
      rows.every(({ bucket }) =>
        /^(?:email:[\w-]{43}|place:[\w-]{43}:[\w.:/]+|network:[\d.a-f:/]+)$/.test(bucket)
      ),
      JSON.stringify(rows),
    );
  });

  await t.step("registering is limited by network, and takes as long for a known address", async () => {
    const isolate = await startedIsolate(stack, { RATE_LIMIT_REGISTRATIONS_PER_HOUR: "3" });
    const register = (email: string, from: string | null) =>
      isolate("POST", "/api/register", { body: { email, password: "a-good-password" }, from });
    const news = () => `${crypto.randomUUID()}@example.com`;
    const seen = await Promise.all(
      Array.from({ length: 6 }, async () => outcome(await register(news(), "203.0.113.50"))),
    );
    assert.deepEqual(sum(seen), { "201": 3, "429 RATE_LIMITED": 3 });
    assert.equal(outcome(await register(news(), "203.0.113.51")), "201");
    for (const email of ["user@example.com", news()]) {
      const started = performance.now();
      const answer = await register(email, "203.0.113.51");
      const took = performance.now() - started;
      assert.ok(took >= 490, `${outcome(answer)} after ${took} ms`);
    }
  });
});

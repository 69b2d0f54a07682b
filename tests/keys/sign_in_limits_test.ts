/** No email and no address gets more failed sign-ins than the limit, however many are tried at once. */
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
          from: `198.51.100.${index + 1}`,
          ask: index % 2 ? call : twin,
        })),
    );
    assert.deepEqual(sum(answers.map(outcome)), { "401 INVALID_CREDENTIALS": 10, "429 RATE_LIMITED": 10 });
    const refusal = answers.find(({ status }) => status === 429)!;
    const seconds = Number(refusal.headers.get("retry-after"));
    assert.ok(seconds > 800 && seconds <= 900, String(seconds));
    assert.equal(refusal.body.retryAfter, seconds);
    assert.equal(outcome(await attempt("user@example.com", "your-password")), "429 RATE_LIMITED");
    assert.equal(outcome(await attempt(" USER@example.com", "wrong")), "429 RATE_LIMITED");
    assert.equal(outcome(await attempt("owner@example.com", "your-password")), "200");
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
      rows.every(({ bucket }) => /^(?:email:[\w-]{43}|address:[\d.a-f:/]+)$/.test(bucket)),
      JSON.stringify(rows),
    );
  });
});

/** No credential gets more requests than its limit, whatever comes at once; a broken limiter stops nobody good. */
import assert from "node:assert/strict";
import { type Call, makeKey, outcome, signIn, startedIsolate, startedStack } from "./api_calls.ts";

Deno.test("rate limits", async (t) => {
  await using stack = await startedStack();
  const call = await startedIsolate(stack);
  const tight = await startedIsolate(stack, { RATE_LIMIT_REQUESTS_PER_MINUTE: "20" });
  const twin = await startedIsolate(stack, { RATE_LIMIT_REQUESTS_PER_MINUTE: "20" });
  const user = await signIn(call, "user");
  /** Windows begin with the minute: a fresh one for each step, without waiting for it. */
  const forget = () => stack.database.query("delete from private.rate_windows");
  const flood = async (calls: Call[], credential: string, count: number) => {
    const answers = await Promise.all(
      Array.from(
        { length: count },
        (_, index) => calls[index % calls.length]!("GET", "/auth/whoami", { credential }),
      ),
    );
    const tally: Record<string, number> = {};
    for (const answer of answers) tally[outcome(answer)] = (tally[outcome(answer)] ?? 0) + 1;
    return { answers, tally };
  };
  /** Runs again when the minute turned over in between: then two windows were open, rightly. */
  const inOneMinute = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    for (;;) {
      await forget();
      const before = await minute();
      const value = await work();
      if (await minute() === before) return value;
    }
  };
  const minute = async () => {
    const [row] = await stack.database.query<{ minute: string }>(
      "select date_trunc('minute', clock_timestamp())::text as minute",
    );
    return row!.minute;
  };

  await t.step(
    "40 at once over two isolates: exactly the limit passes, for a session and for a key",
    async () => {
      const key = await makeKey(call, user);
      for (const credential of [user, key.key]) {
        const { answers, tally } = await inOneMinute(() => flood([tight, twin], credential, 40));
        assert.deepEqual(tally, { "200": 20, "429 RATE_LIMITED": 20 });
        const refusal = answers.find(({ status }) => status === 429)!;
        assert.equal(refusal.headers.get("retry-after"), String(refusal.body.retryAfter));
        assert.ok(refusal.body.retryAfter >= 1 && refusal.body.retryAfter <= 60);
        assert.equal(refusal.headers.get("x-ratelimit-remaining"), "0");
      }
    },
  );

  await t.step("every answer tells the state of the limit, refusals too", async () => {
    const key = await makeKey(call, user, { scopes: ["resources:read"] });
    await inOneMinute(async () => {
      for (
        const [index, [path, status]] of [["/auth/whoami", 200], ["/resources/999999", 404], [
          "/settings/api-keys",
          403,
        ]]
          .entries()
      ) {
        const answer = await tight("GET", String(path), { credential: key.key });
        assert.equal(answer.status, status);
        const reset = Number(answer.headers.get("x-ratelimit-reset")) - Math.floor(Date.now() / 1000);
        assert.ok(reset >= 0 && reset <= 61, String(reset));
        assert.equal(answer.headers.get("x-ratelimit-limit"), "20");
        assert.equal(answer.headers.get("x-ratelimit-remaining"), String(19 - index));
        assert.equal(answer.headers.get("ratelimit-policy"), '"requests";q=20;w=60');
        assert.match(answer.headers.get("ratelimit")!, new RegExp(`^"requests";r=${19 - index};t=\\d+$`));
      }
    });
  });

  await t.step("a key's own limit is lower, never higher, and one person's keys don't share it", async () => {
    const [low, high, other] = [
      await makeKey(call, user, { rate_limit: 5 }),
      await makeKey(call, user, { rate_limit: 1000 }),
      await makeKey(call, user, { rate_limit: 5 }),
    ];
    await inOneMinute(async () => {
      assert.deepEqual((await flood([tight], low.key, 8)).tally, { "200": 5, "429 RATE_LIMITED": 3 });
      assert.deepEqual((await flood([tight], high.key, 22)).tally, { "200": 20, "429 RATE_LIMITED": 2 });
      assert.deepEqual((await flood([tight], other.key, 5)).tally, { "200": 5 });
      assert.deepEqual((await flood([tight], user, 5)).tally, { "200": 5 });
    });
  });

  await t.step(
    "all keys of one person together have five times the limit of one, sessions apart",
    async () => {
      const small = await startedIsolate(stack, { RATE_LIMIT_REQUESTS_PER_MINUTE: "2" });
      const keys: string[] = [];
      for (let index = 0; index < 6; index++) keys.push((await makeKey(call, user)).key);
      const admin = await makeKey(call, await signIn(call, "admin"));
      await inOneMinute(async () => {
        for (const key of keys.slice(0, 4)) {
          assert.deepEqual((await flood([small], key, 3)).tally, { "200": 2, "429 RATE_LIMITED": 1 });
        }
        const last = await small("GET", "/auth/whoami", { credential: keys[4]! });
        assert.equal(last.headers.get("x-ratelimit-limit"), "2");
        assert.equal(last.headers.get("x-ratelimit-remaining"), "1");
        assert.equal(outcome(await small("GET", "/auth/whoami", { credential: keys[5]! })), "200");
        const refused = await small("GET", "/auth/whoami", { credential: keys[5]! });
        assert.equal(outcome(refused), "429 RATE_LIMITED");
        assert.equal(refused.headers.get("x-ratelimit-limit"), "10");
        assert.equal(refused.headers.get("x-ratelimit-remaining"), "0");
        assert.deepEqual((await flood([small], user, 2)).tally, { "200": 2 });
        assert.deepEqual((await flood([small], admin.key, 2)).tally, { "200": 2 });
      });
    },
  );

  await t.step("wrong keys count against their address; a good key from there still passes", async () => {
    const isolate = await startedIsolate(stack, { RATE_LIMIT_FAILED_KEYS_PER_MINUTE: "3" });
    const key = await makeKey(call, user);
    const elsewhere = await makeKey(call, user, { allowed_ips: ["203.0.113.1"] });
    // Right in form and checksum, but nobody's: a key whose row is gone.
    const gone = await makeKey(call, user);
    await stack.database.query("delete from public.api_keys where id = $1", [gone.id]);
    const ask = (credential: string, from: string | null) =>
      isolate("GET", "/auth/whoami", { credential, from });
    await inOneMinute(async () => {
      const seen: string[] = [];
      for (let index = 0; index < 4; index++) seen.push(outcome(await ask(gone.key, "198.51.100.1")));
      assert.deepEqual(seen, [
        "401 API_KEY_INVALID",
        "401 API_KEY_INVALID",
        "401 API_KEY_INVALID",
        "429 RATE_LIMITED",
      ]);
      assert.equal(outcome(await ask(elsewhere.key, "198.51.100.1")), "429 RATE_LIMITED");
      assert.equal(outcome(await ask(key.key, "198.51.100.1")), "200");
      assert.equal(outcome(await ask(gone.key, "198.51.100.2")), "401 API_KEY_INVALID");
      assert.equal(outcome(await ask(gone.key, null)), "401 API_KEY_INVALID");
      assert.equal(outcome(await ask("ia_live_junk", "198.51.100.1")), "401 API_KEY_INVALID");
    });
  });

  await t.step("one v6 network is one address", async () => {
    const isolate = await startedIsolate(stack, { RATE_LIMIT_FAILED_KEYS_PER_MINUTE: "1" });
    const gone = await makeKey(call, user);
    await stack.database.query("delete from public.api_keys where id = $1", [gone.id]);
    const ask = (from: string) => isolate("GET", "/auth/whoami", { credential: gone.key, from });
    await inOneMinute(async () => {
      assert.equal(outcome(await ask("2001:db8::1")), "401 API_KEY_INVALID");
      assert.equal(outcome(await ask("2001:db8::2")), "429 RATE_LIMITED");
      assert.equal(outcome(await ask("2001:db8:0:ffff::1")), "429 RATE_LIMITED");
      assert.equal(outcome(await ask("2001:db8:1::1")), "401 API_KEY_INVALID");
    });
  });

  await t.step("a read that is refused for its limit writes no audit event", async () => {
    const owner = await signIn(call, "owner");
    // A session that began at Supabase Auth itself: reading the log would record it.
    const waiting = () =>
      stack.database.query(
        "select from private.session_starts where started_at < now() - interval '10 seconds'",
      );
    const [person] = await stack.database.query<{ id: string }>(
      "select id from auth.users where email = 'viewer@example.com'",
    );
    await stack.database.query("insert into auth.sessions (id, user_id) values (gen_random_uuid(), $1)", [
      person!.id,
    ]);
    await stack.database.query("update private.session_starts set started_at = now() - interval '1 minute'");
    const before = (await waiting()).length;
    assert.ok(before > 0);
    const isolate = await startedIsolate(stack, { RATE_LIMIT_REQUESTS_PER_MINUTE: "0" });
    for (const path of ["/settings/audit-log", "/settings/audit-log/verify"]) {
      assert.equal(outcome(await isolate("GET", path, { credential: owner })), "429 RATE_LIMITED");
    }
    assert.equal((await waiting()).length, before);
  });

  await t.step("limits can be switched off, and then no header claims one", async () => {
    const isolate = await startedIsolate(stack, { RATE_LIMITS: "off", RATE_LIMIT_REQUESTS_PER_MINUTE: "1" });
    const { answers, tally } = await flood([isolate], user, 5);
    assert.deepEqual(tally, { "200": 5 });
    assert.equal(answers[0]!.headers.get("x-ratelimit-limit"), null);
  });

  await t.step(
    "a limiter that fails stops no good credential, lets in no bad one, and closes the open doors",
    async () => {
      const key = await makeKey(call, user);
      const gone = await makeKey(call, user);
      await stack.database.query("delete from public.api_keys where id = $1", [gone.id]);
      await stack.database.query("alter table private.rate_windows rename to rate_windows_broken");
      await stack.database.query("alter table private.sign_in_attempts rename to sign_in_attempts_broken");
      try {
        const answer = await call("GET", "/auth/whoami", { credential: key.key });
        assert.equal(answer.status, 200);
        assert.equal(answer.headers.get("x-ratelimit-limit"), null);
        assert.equal((await call("GET", "/resources", { credential: user })).status, 200);
        assert.equal(
          outcome(await call("GET", "/auth/whoami", { credential: gone.key })),
          "401 API_KEY_INVALID",
        );
        const login = await call("POST", "/api/login", {
          body: { email: "user@example.com", password: "your-password" },
        });
        assert.equal(outcome(login), "503 UNAVAILABLE");
        assert.equal(login.headers.get("retry-after"), "5");
        const report = await call("POST", "/credentials/revoke", { body: { credentials: [key.key] } });
        assert.equal(outcome(report), "503 UNAVAILABLE");
      } finally {
        await stack.database.query("alter table private.rate_windows_broken rename to rate_windows");
        await stack.database.query("alter table private.sign_in_attempts_broken rename to sign_in_attempts");
      }
      assert.equal((await call("GET", "/auth/whoami", { credential: key.key })).status, 200);
    },
  );
});

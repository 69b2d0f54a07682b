/** Reads that show rows do without admission and lose nothing by it: limits, addresses and ends of credentials hold. */
import assert from "node:assert/strict";
import { type Call, makeKey, outcome, signIn, startedIsolate, startedStack } from "./api_calls.ts";

const LIMIT = 100;

Deno.test("reads that admit themselves", async (t) => {
  await using stack = await startedStack();
  const call = await startedIsolate(stack);
  const variables = { RATE_LIMIT_REQUESTS_PER_MINUTE: String(LIMIT) };
  const isolates = [await startedIsolate(stack, variables), await startedIsolate(stack, variables)];
  const user = await signIn(call, "user");
  const { query } = stack.database;
  const admissions = async () =>
    Number(
      (await query<{ used: string }>("select sum(used - ahead) as used from private.rate_windows"))[0]!.used,
    );
  /** Asks often enough, one after another, that requests are taken ahead. */
  const warm = async (credential: string, ask: Call = call, from: string | null = "203.0.113.1") => {
    for (let times = 0; times < 4; times++) {
      assert.equal(outcome(await ask("GET", "/resources", { credential, from })), "200");
    }
  };
  /** Runs again when the minute turned over in between: then two windows were open, rightly. */
  const inOneMinute = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    for (;;) {
      await query("delete from private.rate_windows");
      const minute = () =>
        query<{ now: string }>("select date_trunc('minute', clock_timestamp())::text as now");
      const [before] = await minute();
      const value = await work();
      if ((await minute())[0]!.now === before!.now) return value;
    }
  };

  await t.step("after two requests the database is asked for rows alone", async () => {
    const { key } = await makeKey(call, user);
    for (const credential of [user, key]) {
      await inOneMinute(async () => {
        await warm(credential);
        const before = await admissions();
        for (let times = 0; times < 5; times++) await warm(credential);
        assert.equal(await admissions(), before, "no admission was asked for");
      });
    }
  });

  await t.step(
    "two isolates never let more than the limit through, and nine tenths of it always",
    async () => {
      for (const make of [() => signIn(call, "user"), async () => (await makeKey(call, user)).key]) {
        const statuses = await inOneMinute(async () => {
          // A fresh one each time: of another, isolates may hold requests that the forgotten windows had counted.
          const credential = await make();
          await query("delete from private.rate_windows");
          const found: number[] = [];
          await Promise.all(isolates.flatMap((isolate) =>
            Array.from({ length: 8 }, async () => {
              for (let times = 0; times < 10; times++) {
                found.push((await isolate("GET", "/resources?per_page=1", { credential })).status);
              }
            })
          ));
          return found;
        });
        const passed = statuses.filter((status) => status === 200).length;
        assert.ok(passed <= LIMIT && passed >= LIMIT * 0.9, `${passed} of ${LIMIT}`);
        assert.equal(statuses.length - passed, statuses.filter((status) => status === 429).length);
      }
    },
  );

  await t.step("the headers count down by one, whether or not admission was asked", async () => {
    const told = await inOneMinute(async () => {
      const { key } = await makeKey(call, user);
      const seen: number[] = [];
      for (
        const path of ["/resources", "/resources", "/resources", "/resources/999999", "/resources", "/drifts"]
      ) {
        const { headers } = await isolates[0]!("GET", path, { credential: key });
        seen.push(Number(headers.get("x-ratelimit-remaining")));
      }
      return seen;
    });
    assert.deepEqual(told, [99, 98, 97, 96, 95, 94]);
  });

  await t.step("a key's networks bind on the next request, for each address by itself", async () => {
    const { key, id } = await makeKey(call, user);
    await warm(key);
    const narrowed = await call("PATCH", `/settings/api-keys/${id}`, {
      credential: user,
      body: { allowed_ips: ["203.0.113.7"] },
    });
    assert.equal(narrowed.status, 200);
    const ask = (from: string | null) => call("GET", "/resources", { credential: key, from });
    assert.equal(outcome(await ask("203.0.113.1")), "403 FORBIDDEN");
    await warm(key, call, "203.0.113.7");
    assert.equal(outcome(await ask("203.0.113.7")), "200");
    assert.equal(outcome(await ask("203.0.113.8")), "403 FORBIDDEN");
    assert.equal(outcome(await ask(null)), "403 FORBIDDEN");
  });

  await t.step("what has ended gets no row and no empty list", async () => {
    const { key, id } = await makeKey(call, user);
    const session = await signIn(call, "user");
    for (const credential of [key, session]) await warm(credential);
    await query("update public.api_keys set revoked_at = now() where id = $1", [id]);
    await call("POST", "/api/logout", { credential: session, body: { scope: "local" } });
    const rows: [string, string, string][] = [];
    for (
      const path of ["/resources", "/resources?q=nothing-is-called-so", "/resources/1", "/resources/summary"]
    ) {
      rows.push([path, key, "401 API_KEY_REVOKED"], [path, session, "401 SESSION_REVOKED"]);
    }
    for (const [path, credential, expected] of rows) {
      assert.equal(outcome(await call("GET", path, { credential })), expected, path);
    }
  });

  await t.step("a permission that is taken away is missing on the next request", async () => {
    const { key, id } = await makeKey(call, user, { scopes: ["resources:read", "drifts:read"] });
    await warm(key);
    await query("update public.api_keys set scopes = array['drifts:read'] where id = $1", [id]);
    const refused = await call("GET", "/resources", { credential: key });
    assert.equal(outcome(refused), "403 FORBIDDEN");
    assert.deepEqual(refused.body.details, { required: "resources:read" });
  });

  await t.step("a use is noted a minute after the last: nothing is taken ahead beyond that", async () => {
    const { id, prefix } = await makeKey(call, user);
    const lease = async (secondsAgo: number) => {
      await query(
        `update public.api_keys set last_used_at = now() - make_interval(secs => $2) where id = $1`,
        [
          id,
          secondsAgo,
        ],
      );
      const [row] = await query<{ answer: { lease: { seconds: number; granted: number } } }>(
        `select public.admit_api_key($1, (
          select jsonb_object_agg(pepper_version, encode(hash, 'hex')) from private.api_key_hashes where api_key_id = $2
        ), null, 600, null, '{"wanted": 64}') as answer`,
        [prefix, id],
      );
      return row!.answer.lease;
    };
    assert.ok((await lease(0)).seconds <= 10);
    assert.ok((await lease(57)).seconds <= 3);
  });

  await t.step("where reads may not admit themselves each asks", async () => {
    const careful = await startedIsolate(stack, { READ_LEASES: "off" });
    const [before] = [await admissions()];
    await warm(user, careful);
    assert.equal(await admissions(), before + 4);
  });

  await t.step("a limiter that fails stops no read", async () => {
    const { key } = await makeKey(call, user);
    await query("alter table private.rate_windows rename to rate_windows_broken");
    try {
      await warm(key);
    } finally {
      await query("alter table private.rate_windows_broken rename to rate_windows");
    }
  });
});

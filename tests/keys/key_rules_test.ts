/** A key's life, reach and strength follow the rules: within its maker's rights, its addresses and its time. */
import assert from "node:assert/strict";
import type { LogLine } from "../../shared/config/log.ts";
import { makeKey, outcome, signIn, startedIsolate, startedStack } from "./api_calls.ts";

const DAY_MILLISECONDS = 86_400_000;

Deno.test("the rules of keys", async (t) => {
  await using stack = await startedStack();
  const call = await startedIsolate(stack);
  const [owner, admin, user] = await Promise.all([
    signIn(call, "owner"),
    signIn(call, "admin"),
    signIn(call, "user"),
  ]);
  const make = (credential: string, body: unknown) =>
    call("POST", "/settings/api-keys", { credential, body });
  const patch = (id: number, credential: string, body: unknown) =>
    call("PATCH", `/settings/api-keys/${id}`, { credential, body });
  const shown = async (id: number) =>
    (await call("GET", `/settings/api-keys/${id}`, { credential: owner })).body;
  const whoami = (credential: string) => call("GET", "/auth/whoami", { credential });
  /** Moves a key's times, as only time itself could. */
  const age = (id: number, change: string) =>
    stack.database.query(`update public.api_keys set ${change} where id = $1`, [id]);
  const lifeDays = (key: { created_at: string; expires_at: string | null }) =>
    key.expires_at &&
    Math.round((Date.parse(key.expires_at) - Date.parse(key.created_at)) / DAY_MILLISECONDS);

  await t.step("a life of 90 days, of the days asked for, or for ever by an owner", async () => {
    const weak = await makeKey(call, owner, { scopes: ["api_keys:write"], expires_in_days: 10 });
    const endless = await makeKey(call, owner, { scopes: ["api_keys:write"], expires_in_days: null });
    const rows: [string, string, unknown, number | null | string][] = [
      ["by default", user, {}, 90],
      ["one day", user, { expires_in_days: 1 }, 1],
      ["the longest", user, { expires_in_days: 366 }, 366],
      ["too long", user, { expires_in_days: 367 }, "400 VALIDATION_FAILED"],
      ["none", user, { expires_in_days: 0 }, "400 VALIDATION_FAILED"],
      ["half a day", user, { expires_in_days: 0.5 }, "400 VALIDATION_FAILED"],
      ["for ever, by a user", user, { expires_in_days: null }, "403 FORBIDDEN"],
      ["for ever, by an admin", admin, { expires_in_days: null }, "403 FORBIDDEN"],
      ["for ever, by an owner", owner, { expires_in_days: null }, null],
      ["by a key, by default no longer than itself", weak.key, { scopes: ["api_keys:write"] }, 10],
      [
        "by a key, longer than itself",
        weak.key,
        { scopes: ["api_keys:write"], expires_in_days: 11 },
        "403 FORBIDDEN",
      ],
      [
        "by a key, for ever",
        weak.key,
        { scopes: ["api_keys:write"], expires_in_days: null },
        "403 FORBIDDEN",
      ],
      ["by an endless key", endless.key, { scopes: ["api_keys:write"], expires_in_days: null }, null],
    ];
    for (const [name, credential, fields, expected] of rows) {
      const answer = await make(credential, { name: "life", ...fields as object });
      assert.equal(answer.status === 201 ? lifeDays(answer.body) : outcome(answer), expected, name);
    }
  });

  await t.step("never wider than who makes it, and the refusal names what is missing", async () => {
    const maker = await makeKey(call, user, { scopes: ["api_keys:write", "resources:read"] });
    const rows: [string, string, string[], string][] = [
      ["a user, the audit log", user, ["resources:read", "audit:read"], "audit:read"],
      ["an admin, the team", admin, ["team:write"], "team:write"],
      ["a key, more than itself", maker.key, ["resources:write"], "resources:write"],
    ];
    for (const [name, credential, scopes, missing] of rows) {
      const answer = await make(credential, { name: "wide", scopes });
      assert.equal(outcome(answer), "403 FORBIDDEN", name);
      assert.deepEqual(answer.body.details, { required: missing }, name);
      assert.match(answer.headers.get("www-authenticate")!, new RegExp(`scope="${missing}"`), name);
    }
    assert.equal((await make(maker.key, { name: "ok", scopes: ["resources:read"] })).status, 201);
  });

  await t.step("a change narrows freely and widens only within the caller's rights", async () => {
    const key = await makeKey(call, user, {
      scopes: ["resources:read", "drifts:read"],
      allowed_ips: ["192.0.2.0/24"],
      rate_limit: 100,
    });
    const strong = await makeKey(call, owner, { scopes: ["team:write"], allowed_ips: ["192.0.2.0/24"] });
    const helper = await makeKey(call, user, { scopes: ["api_keys:write", "resources:read"] });
    const short = await makeKey(call, user, {
      scopes: ["api_keys:write", "resources:read", "drifts:read"],
      expires_in_days: 5,
    });
    const rows: [string, string, number, Record<string, unknown>, string | Record<string, unknown>][] = [
      ["a name", user, key.id, { name: " renamed " }, { name: "renamed" }],
      ["fewer scopes", user, key.id, { scopes: ["resources:read"] }, { scopes: ["resources:read"] }],
      ["more, within", user, key.id, { scopes: ["resources:read", "drifts:read"] }, {
        scopes: ["resources:read", "drifts:read"],
      }],
      ["more than a user may", user, key.id, { scopes: ["audit:read"] }, "403 FORBIDDEN audit:read"],
      ["a smaller network", user, key.id, { allowed_ips: ["192.0.2.128/25"] }, {
        allowed_ips: ["192.0.2.128/25"],
      }],
      ["anywhere", user, key.id, { allowed_ips: null }, { allowed_ips: null }],
      ["a lower limit", user, key.id, { rate_limit: 10 }, { rate_limit: 10 }],
      ["no own limit", user, key.id, { rate_limit: null }, { rate_limit: null }],
      ["nobody's network list", user, key.id, { allowed_ips: [] }, "400 VALIDATION_FAILED undefined"],
      ["nothing", user, key.id, {}, "400 VALIDATION_FAILED undefined"],
      ["an unknown field", user, key.id, { expires_at: null }, "400 VALIDATION_FAILED undefined"],
      ["no scope", user, key.id, { scopes: [] }, "400 VALIDATION_FAILED undefined"],
      [
        "a scope twice",
        user,
        key.id,
        { scopes: ["drifts:read", "drifts:read"] },
        "400 VALIDATION_FAILED undefined",
      ],
      ["a scope that is none", user, key.id, { scopes: ["all"] }, "400 VALIDATION_FAILED undefined"],
      ["an admin renames a stronger key", admin, strong.id, { name: "n" }, { name: "n" }],
      ["an admin opens a stronger key", admin, strong.id, { allowed_ips: null }, "403 FORBIDDEN team:write"],
      ["a key renames a wider one", helper.key, key.id, { name: "x" }, "403 FORBIDDEN drifts:read"],
      ["a key renames a longer-lived one", short.key, key.id, { name: "x" }, "403 FORBIDDEN api_keys:write"],
      ["a key renames itself", short.key, short.id, { name: "me" }, { name: "me" }],
      ["nobody's id", user, 999_999, { name: "x" }, "404 NOT_FOUND undefined"],
      ["somebody else's", user, strong.id, { name: "x" }, "403 FORBIDDEN api_keys:write"],
    ];
    for (const [name, credential, id, change, expected] of rows) {
      const before = await shown(id);
      const answer = await patch(id, credential, change);
      if (typeof expected === "string") {
        assert.equal(`${outcome(answer)} ${answer.body.details?.required}`, expected, name);
        if (before.id) assert.deepEqual(await shown(id), before, name);
      } else {
        assert.equal(answer.status, 200, `${name}: ${JSON.stringify(answer.body)}`);
        assert.deepEqual(answer.body, { ...before, ...expected }, name);
      }
    }
  });

  await t.step("the Data API itself refuses what the function refuses", async () => {
    const key = await makeKey(call, user, { scopes: ["resources:read"] });
    const rest = async (change: unknown) => {
      const response = await fetch(`${stack.url}/rest/v1/api_keys?id=eq.${key.id}`, {
        method: "PATCH",
        headers: {
          apikey: stack.publishableKey,
          authorization: `Bearer ${user}`,
          "content-type": "application/json",
        },
        body: JSON.stringify(change),
      });
      await response.body?.cancel();
      return response.status;
    };
    const before = await shown(key.id);
    assert.equal(await rest({ scopes: ["audit:read"] }), 403);
    assert.equal(await rest({ expires_at: null }), 403);
    assert.equal(await rest({ replaces: key.id }), 403);
    assert.equal(await rest({ created_by: 1 }), 403);
    assert.deepEqual(await shown(key.id), before);
    assert.equal(await rest({ name: "renamed" }), 204);
    assert.equal((await shown(key.id)).name, "renamed");
  });

  await t.step("a dead key stays dead: no change, no second life, and it says why it died", async () => {
    const rows: [string, string | undefined, string, string][] = [
      ["expired", "expires_at = now()", "401 API_KEY_EXPIRED", "expired"],
      [
        "unused for 180 days",
        "last_used_at = now() - interval '180 days'",
        "401 API_KEY_EXPIRED",
        "disabled",
      ],
      [
        "never used in 180 days",
        "created_at = now() - interval '180 days'",
        "401 API_KEY_EXPIRED",
        "disabled",
      ],
      ["unused for a day less", "last_used_at = now() - interval '179 days'", "200", "active"],
      ["a month from its end", "expires_at = now() + interval '15 days'", "200", "active"],
      ["two weeks from its end", "expires_at = now() + interval '14 days'", "200", "expiring"],
      ["revoked", undefined, "401 API_KEY_REVOKED", "revoked"],
    ];
    for (const [name, change, expected, status] of rows) {
      const key = await makeKey(call, user, { name });
      if (change) await age(key.id, change);
      else await call("DELETE", `/settings/api-keys/${key.id}`, { credential: user });
      assert.equal((await shown(key.id)).status, status, name);
      const answer = await whoami(key.key);
      assert.equal(outcome(answer), expected, name);
      const notice = answer.headers.get("x-api-key-expires");
      assert.equal(
        notice,
        status === "expiring" ? new Date(answer.body.expires_at).toISOString() : null,
        name,
      );
      if (status === "revoked") {
        assert.equal(outcome(await patch(key.id, user, { name: "again" })), "422 UNPROCESSABLE");
        assert.equal(
          (await call("DELETE", `/settings/api-keys/${key.id}`, { credential: user })).status,
          204,
        );
      }
    }
  });

  await t.step(
    "allowed addresses: v4, v6 and mapped, judged by the trusted hop, closed when unknown",
    async () => {
      const key = await makeKey(call, user, {
        allowed_ips: ["203.0.113.0/24", "198.51.100.7", "2001:db8:1::/48", "::ffff:10.0.0.0/104"],
      });
      assert.deepEqual(key.allowed_ips, ["203.0.113.0/24", "198.51.100.7", "2001:db8:1::/48", "10.0.0.0/8"]);
      const behindTwo = await startedIsolate(stack, { TRUSTED_PROXY_HOPS: "2" });
      const believesNobody = await startedIsolate(stack, { TRUSTED_PROXY_HOPS: "0" });
      const rows: [string, typeof call, string | null, string | undefined, boolean][] = [
        ["in the network", call, "203.0.113.9", undefined, true],
        ["outside", call, "203.0.114.9", undefined, false],
        ["the address", call, "198.51.100.7", undefined, true],
        ["its neighbour", call, "198.51.100.8", undefined, false],
        ["mapped v4", call, "::ffff:203.0.113.9", undefined, true],
        ["mapped v4 in hex", call, "::ffff:cb00:7109", undefined, true],
        ["v4 of a mapped network", call, "10.200.0.1", undefined, true],
        ["v6", call, "2001:db8:1:2::3", undefined, true],
        ["another v6", call, "2001:db8:2::3", undefined, false],
        ["claimed by the client", call, "192.0.2.1", "203.0.113.9", false],
        ["seen by the outer of two proxies", behindTwo, "192.0.2.1", "203.0.113.9", true],
        ["seen by the inner of two", behindTwo, "203.0.113.9", "192.0.2.1", false],
        ["unknown", call, null, undefined, false],
        ["nobody believed", believesNobody, "203.0.113.9", undefined, false],
      ];
      for (const [name, ask, from, claimed, isAllowed] of rows) {
        const answer = await ask("GET", "/auth/whoami", {
          credential: key.key,
          from,
          headers: claimed ? { "x-forwarded-for": claimed } : {},
        });
        assert.equal(outcome(answer), isAllowed ? "200" : "403 FORBIDDEN", name);
        if (!isAllowed) assert.equal(answer.body.details, "allowed_ips", name);
      }
      for (const bad of ["10.0.0.0/33", "10.0.0", "example.com", "::1/129", "10.0.0.1/-1"]) {
        assert.equal(
          outcome(await make(user, { name: "bad", allowed_ips: [bad] })),
          "400 VALIDATION_FAILED",
          bad,
        );
      }
    },
  );

  await t.step("a key whose maker left or was banned is shown as disabled and opens nothing", async () => {
    const key = await makeKey(call, admin);
    const ban = (until: string) =>
      stack.database.query(
        `update auth.users set banned_until = ${until} where email = 'admin@example.com'`,
      );
    await ban("now() + interval '1 hour'");
    assert.equal((await shown(key.id)).status, "disabled");
    assert.equal(outcome(await whoami(key.key)), "401 API_KEY_REVOKED");
    await ban("null");
    assert.equal((await shown(key.id)).status, "active");
    assert.equal(outcome(await whoami(key.key)), "200");
  });

  await t.step("ten requests with a revoked key give ten log lines, and not a word beside them", async () => {
    const lines: LogLine[] = [];
    const isolate = await startedIsolate(stack, {}, (line) => lines.push(line));
    const key = await makeKey(call, user);
    assert.equal(outcome(await isolate("GET", "/resources", { credential: key.key })), "200");
    await call("DELETE", `/settings/api-keys/${key.id}`, { credential: user });
    lines.length = 0;
    const words: unknown[] = [];
    const { log, warn, error, info } = console;
    const listen = (...said: unknown[]) => void words.push(said);
    Object.assign(console, { log: listen, warn: listen, error: listen, info: listen });
    try {
      const cold = await startedIsolate(stack, {}, (line) => lines.push(line));
      for (const ask of [isolate, cold]) {
        for (let times = 0; times < 5; times++) {
          assert.equal(
            outcome(await ask("GET", "/resources", { credential: key.key })),
            "401 API_KEY_REVOKED",
          );
        }
      }
    } finally {
      Object.assign(console, { log, warn, error, info });
    }
    assert.deepEqual(lines.map(({ status }) => status), Array(10).fill(401));
    assert.deepEqual(words, []);
  });
});

/** A leaked key dies on sight, the owner learns of it, and whoever reports learns nothing. */
import assert from "node:assert/strict";
import { createHash, createSign, generateKeyPairSync, type KeyObject } from "node:crypto";
import { makeKey, outcome, signIn, startedIsolate, startedStack } from "./api_calls.ts";
import { checksum, drawApiKey } from "../../shared/auth/api_key.ts";

/** Serves public keys as GitHub does, and counts how often it is asked. */
function githubKeys() {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  let asked = 0;
  let isUp = true;
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, () => {
    asked += 1;
    if (!isUp) return new Response(null, { status: 500 });
    return Response.json({
      public_keys: [
        { key_identifier: "old", key: "not a key", is_current: false },
        {
          key_identifier: "current",
          key: publicKey.export({ type: "spki", format: "pem" }),
          is_current: true,
        },
      ],
    });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    privateKey,
    asked: () => asked,
    setUp: (value: boolean) => isUp = value,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** As GitHub signs: ECDSA over the raw body, DER, base64. */
function sign(body: string, key: KeyObject): string {
  return createSign("SHA256").update(body).sign(key, "base64");
}

Deno.test("leaked keys", async (t) => {
  await using stack = await startedStack();
  await using github = githubKeys();
  const variables = { GITHUB_KEYS_URL: github.url, RATE_LIMIT_REVOCATIONS_PER_MINUTE: "1000" };
  const call = await startedIsolate(stack, variables);
  const user = await signIn(call, "user");
  const whoami = async (credential: string) => outcome(await call("GET", "/auth/whoami", { credential }));
  const report = (credentials: unknown, from = "192.0.2.1") =>
    call("POST", "/credentials/revoke", { body: { credentials }, from });
  const events = (id: number) =>
    stack.database.query<{ action: string; actor_email: string | null; details: Record<string, unknown> }>(
      "select action, actor_email, details from public.audit_events where target_id = $1 and target_type = 'api_key' and action <> 'api_key.created' order by sequence",
      [String(id)],
    );

  await t.step("a real key, junk and a near miss get one answer, and only the real key dies", async () => {
    const [leaked, twin] = [await makeKey(call, user, { name: "leaked" }), await makeKey(call, user)];
    // Another secret behind a real public id: right in form, wrong in substance.
    const body = twin.prefix + drawApiKey("live").text.slice(twin.prefix.length, -6);
    const forged = body + checksum(body);
    const answers = [
      await report([drawApiKey("live").text]),
      await report([leaked.key, "junk", forged, user]),
      await report([leaked.key]),
      await report([""]),
    ];
    assert.deepEqual(answers.map(outcome), ["202", "202", "202", "202"]);
    assert.equal(new Set(answers.map(({ body }) => JSON.stringify(body))).size, 1);
    assert.equal(await whoami(leaked.key), "401 API_KEY_REVOKED");
    assert.equal(await whoami(twin.key), "200");
    assert.equal(await whoami(user), "200");
    const [, leak, ...more] = [...await events(leaked.id)].sort((a) =>
      a.action === "api_key.revoked" ? -1 : 1
    );
    assert.deepEqual(more, []);
    assert.equal(leak?.action, "api_key.leaked");
    assert.equal(leak?.actor_email, null);
    assert.deepEqual(leak?.details, { name: "leaked", prefix: leaked.prefix, source: "report" });
  });

  await t.step("a forged twin beside a real key hides nothing, whichever comes first", async () => {
    for (const isTwinFirst of [true, false]) {
      const { key, prefix } = await makeKey(call, user);
      const body = prefix + drawApiKey("live").text.slice(prefix.length, -6);
      const twin = body + checksum(body);
      await report(isTwinFirst ? [twin, key, twin] : [key, twin]);
      assert.equal(await whoami(key), "401 API_KEY_REVOKED");
    }
  });

  await t.step("no answer tells by its time: all wait for the same beat", async () => {
    const key = await makeKey(call, user);
    for (const credentials of [[key.key], [key.key], ["junk"]]) {
      const started = performance.now();
      await report(credentials);
      const took = performance.now() - started;
      assert.ok(took >= 490, `${took} ms`);
    }
  });

  await t.step("a thousand at once, and no more", async () => {
    const key = await makeKey(call, user);
    const junk = (count: number) => Array.from({ length: count }, () => drawApiKey("live").text);
    assert.equal(outcome(await report([...junk(999), key.key])), "202");
    assert.equal(await whoami(key.key), "401 API_KEY_REVOKED");
    for (
      const [name, bad] of [["1001", junk(1001)], ["none", []], ["no list", "ia"], ["no text", [1]]] as const
    ) {
      assert.equal(outcome(await report(bad)), "400 VALIDATION_FAILED", name);
    }
  });

  await t.step("reports are limited by address", async () => {
    const isolate = await startedIsolate(stack, { RATE_LIMIT_REVOCATIONS_PER_MINUTE: "2" });
    const ask = async (from: string | null) =>
      outcome(await isolate("POST", "/credentials/revoke", { body: { credentials: ["junk"] }, from }));
    const three = async (from: string | null) =>
      (await Promise.all([ask(from), ask(from), ask(from)])).sort();
    assert.deepEqual(await three("203.0.113.5"), ["202", "202", "429 RATE_LIMITED"]);
    assert.deepEqual(await three(null), ["202", "202", "429 RATE_LIMITED"]);
    assert.equal(await ask("203.0.113.6"), "202");
  });

  await t.step("GitHub's signed report revokes, and tells true from false by hash", async () => {
    const key = await makeKey(call, user);
    const body = JSON.stringify(
      [
        {
          token: key.key,
          type: "infraaudit_api_key",
          url: "https://github.com/o/r/blob/1/f",
          source: "content",
        },
        { token: "ia_live_nothing", type: "infraaudit_api_key", url: "", source: "commit" },
      ],
      null,
      1,
    );
    const send = (signature: string, id = "current", sent = body) =>
      call("POST", "/credentials/github", {
        body: sent,
        headers: { "github-public-key-identifier": id, "github-public-key-signature": signature },
      });
    const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
    const signature = sign(body, github.privateKey);
    const expected = [
      { token_hash: sha256(key.key), token_type: "infraaudit_api_key", label: "true_positive" },
      { token_hash: sha256("ia_live_nothing"), token_type: "infraaudit_api_key", label: "false_positive" },
    ];

    const other = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
    const refused: [string, Promise<Awaited<ReturnType<typeof send>>>][] = [
      ["no signature", call("POST", "/credentials/github", { body })],
      ["another's signature", send(sign(body, other))],
      ["of other bytes", send(sign(JSON.stringify(JSON.parse(body)), github.privateKey))],
      ["an unknown key", send(signature, "unknown")],
      ["a key that is none", send(signature, "old")],
      ["cut short", send(signature.slice(0, -4))],
      ["no base64", send("*".repeat(96))],
    ];
    for (const [name, answer] of refused) assert.equal(outcome(await answer), "401 TOKEN_INVALID", name);
    assert.equal(await whoami(key.key), "200");

    const first = await send(signature);
    assert.equal(outcome(first), "200");
    assert.deepEqual(first.body, expected);
    assert.equal(await whoami(key.key), "401 API_KEY_REVOKED");
    const told = await events(key.id);
    assert.equal(told.filter(({ action }) => action === "api_key.leaked").length, 1);
    assert.deepEqual(told.find(({ action }) => action === "api_key.leaked")?.details, {
      name: "test",
      prefix: key.prefix,
      source: "github",
      url: "https://github.com/o/r/blob/1/f",
    });

    assert.deepEqual((await send(signature)).body, expected, "a repeat gives the same answer");
    assert.deepEqual(await events(key.id), told, "and no second event");

    const notList = '{"token":"x"}';
    assert.equal(
      outcome(await send(sign(notList, github.privateKey), "current", notList)),
      "400 VALIDATION_FAILED",
    );
    const notJson = "[{";
    assert.equal(
      outcome(await send(sign(notJson, github.privateKey), "current", notJson)),
      "400 INVALID_REQUEST",
    );
    assert.ok(github.asked() <= 3, "GitHub's keys are kept");
  });

  await t.step("while GitHub's keys can't be had, GitHub is asked to come again", async () => {
    github.setUp(false);
    const cold = await startedIsolate(stack, variables);
    const body = "[]";
    const answer = await cold("POST", "/credentials/github", {
      body,
      headers: {
        "github-public-key-identifier": "current",
        "github-public-key-signature": sign(body, github.privateKey),
      },
    });
    assert.equal(outcome(answer), "503 UNAVAILABLE");
    assert.ok(answer.headers.get("retry-after"));
  });
});

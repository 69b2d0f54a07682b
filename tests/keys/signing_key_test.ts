/** Guarantee: a key that signs here but is not the project's is our fault: 503 and not ready, never a 401. */
import assert from "node:assert/strict";
import { makeSigningJwk } from "../../dev/auth/signing_keys.ts";
import { makeKey, outcome, signIn, startedIsolate, startedStack } from "./api_calls.ts";

Deno.test("KEY_SIGNING_JWK that is not published", async (t) => {
  await using stack = await startedStack({ rateLimits: false });
  const good = await startedIsolate(stack);
  const credential = await signIn(good, "owner");
  const { key } = await makeKey(good, credential);
  const call = await startedIsolate(stack, { KEY_SIGNING_JWK: JSON.stringify(await makeSigningJwk()) });

  await t.step("a session's reads go on, for they need no token of ours", async () => {
    assert.equal(outcome(await call("GET", "/resources", { credential })), "200");
  });

  const stopped: [string, string, string, string, unknown?][] = [
    ["a session's write", credential, "PATCH", "/auth/me", { full_name: "Other" }],
    ["a new key", credential, "POST", "/settings/api-keys", { name: "new" }],
    ["an API key's read", key, "GET", "/resources"],
    ["an API key's write", key, "DELETE", "/resources/1"],
  ];
  for (const [name, credential, method, path, body] of stopped) {
    await t.step(`${name} is 503`, async () => {
      const answer = await call(method, path, { credential, body });
      assert.equal(outcome(answer), "503 UNAVAILABLE");
      assert.ok(answer.headers.has("retry-after"));
      assert.equal(answer.headers.has("www-authenticate"), false);
    });
  }

  await t.step("nothing was written", async () => {
    assert.notEqual((await good("GET", "/auth/me", { credential })).body.full_name, "Other");
    assert.equal((await good("GET", "/settings/api-keys", { credential })).body.length, 1);
    assert.equal((await good("GET", "/resources/1", { credential })).status, 200);
  });

  await t.step("readiness says which part it is", async () => {
    const answer = await call("GET", "/health/ready");
    assert.equal(answer.status, 503);
    assert.deepEqual(answer.body.details.checks, {
      database: "ok",
      auth: "ok",
      jwks: "ok",
      signing_key: "down",
    });
    assert.equal((await good("GET", "/health/ready")).body.checks.signing_key, "ok");
  });
});

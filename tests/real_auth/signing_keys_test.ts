/** Guarantee: signing keys change under running functions: a new one counts at once, a removed one no longer, HS256 by the secret does. */
import assert from "node:assert/strict";
import { base64url, decodeProtectedHeader } from "jose";
import { makeSigningJwk } from "../../dev/auth/signing_keys.ts";
import type { SigningJwk } from "../../scripts/auth_server.ts";
import { callsOf } from "./auth_calls.ts";
import { IS_AUTH_REAL, realAuthTest, startAuthStack } from "./auth_stack.ts";

const [first, second] = [await makeSigningJwk(), await makeSigningJwk()];
const keysFile = await Deno.makeTempFile();
await Deno.writeTextFile(keysFile, JSON.stringify([first, second]));
const secret = base64url.encode(crypto.getRandomValues(new Uint8Array(36)));
// The Data API of this stack knows both keys from the start; the functions learn them from Auth.
const options = { signingKeysFile: keysFile, legacyJwtSecret: secret };
const stack = IS_AUTH_REAL ? await startAuthStack(options) : undefined!;
Deno.test.afterAll(async () => {
  await stack?.stop();
  await Deno.remove(keysFile);
});
const { login, call } = callsOf(() => stack);
const signIn = async () => (await login("owner@example.com")).body.token as string;
const status = async (token: string) => (await call(token, "GET", "/v1/auth/me")).status;
const kid = (token: string) => decodeProtectedHeader(token).kid;

realAuthTest(
  "a key that Auth signs with from now on is fetched when first seen; the one before still counts",
  async () => {
    await stack.authServer.restartWith([first]);
    const old = await signIn();
    assert.deepEqual([kid(old), await status(old)], [first.kid, 200]);
    await stack.authServer.restartWith([second, first]);
    const fresh = await signIn();
    assert.deepEqual([kid(fresh), await status(fresh), await status(old)], [second.kid, 200, 200]);
  },
);

realAuthTest(
  "HS256 by the project's secret counts, without a kid and with one that names no published key",
  async () => {
    const octet: SigningJwk = {
      kty: "oct",
      kid: "legacy",
      alg: "HS256",
      k: base64url.encode(new TextEncoder().encode(secret)),
    };
    await stack.authServer.restartWith([octet, first]);
    const token = await signIn();
    assert.deepEqual(decodeProtectedHeader(token), { alg: "HS256", kid: "legacy", typ: "JWT" });
    assert.equal(await status(token), 200);
    const { keys } = await (await fetch(`${stack.url}/auth/v1/.well-known/jwks.json`)).json();
    assert.ok(!keys.some(({ kty }: { kty: string }) => kty === "oct"), "the secret is published nowhere");
  },
);

realAuthTest("a key that was taken out is refused by functions that know the new set", async () => {
  await stack.authServer.restartWith([first]);
  const old = await signIn();
  await using other = await startAuthStack({ signingKeysFile: keysFile, legacyJwtSecret: secret });
  await other.authServer.restartWith([second]);
  const answer = await callsOf(() => other).call(old, "GET", "/v1/auth/me");
  assert.deepEqual([answer.status, answer.body.code], [401, "TOKEN_INVALID"]);
});

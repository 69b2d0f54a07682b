/** Guarantee: a key's inner token lives a minute at most, says only who the key is, and is no credential outside. */
import assert from "node:assert/strict";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { Jwks } from "../../shared/auth/jwks.ts";
import { KeyTokenMint, NO_SESSION_ID } from "../../shared/auth/key_token.ts";
import { TokenVerifier } from "../../shared/auth/token_verifier.ts";
import type { PrivateSigningJwk } from "../../shared/config/env.ts";
import { ISSUER, makeSigningKey, NOW, USER_ID } from "./signing.ts";

const KEY = makeSigningKey("minting");
const signingJwk = { ...KEY.privateJwk, kid: KEY.kid, key_ops: ["verify"] } as unknown as PrivateSigningJwk;
const PRINCIPAL = { user_id: USER_ID, api_key_id: 7 };

Deno.test("the token names key and creator and ends within a minute", async () => {
  const token = await new KeyTokenMint({ signingJwk, issuer: ISSUER, now: () => NOW }).tokenFor(PRINCIPAL);
  assert.deepEqual(decodeProtectedHeader(token), { alg: "ES256", typ: "JWT", kid: "minting" });
  assert.deepEqual(decodeJwt(token), {
    iss: ISSUER,
    sub: USER_ID,
    aud: "authenticated",
    role: "authenticated",
    iat: NOW,
    exp: NOW + 60,
    api_key_id: 7,
    session_id: NO_SESSION_ID,
  });
});

Deno.test("it is reused while it lives and replaced before its end", async () => {
  let now = NOW;
  const mint = new KeyTokenMint({ signingJwk, issuer: ISSUER, now: () => now });
  const first = await mint.tokenFor(PRINCIPAL);
  now = NOW + 44;
  assert.equal(await mint.tokenFor(PRINCIPAL), first);
  now = NOW + 45;
  assert.notEqual(await mint.tokenFor(PRINCIPAL), first);
});

Deno.test("two keys never share a token", async () => {
  const mint = new KeyTokenMint({ signingJwk, issuer: ISSUER, now: () => NOW });
  assert.notEqual(await mint.tokenFor(PRINCIPAL), await mint.tokenFor({ ...PRINCIPAL, api_key_id: 8 }));
});

Deno.test("presented as a credential it is refused", async () => {
  const jwks = new Jwks({
    url: "https://project.test/jwks",
    now: () => NOW,
    fetch: () => Promise.resolve(Response.json({ keys: [KEY.publicJwk] })),
  });
  const verifier = new TokenVerifier({ jwks, issuers: [ISSUER], now: () => NOW });
  const token = await new KeyTokenMint({ signingJwk, issuer: ISSUER, now: () => NOW }).tokenFor(PRINCIPAL);
  await assert.rejects(verifier.verify(token), { code: "TOKEN_INVALID" });
});

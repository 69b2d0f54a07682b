/** Guarantee: a write's token says all the caller's own did and the request's facts, ends with it, and stays inside. */
import assert from "node:assert/strict";
import { decodeJwt } from "jose";
import { Jwks } from "../../shared/auth/jwks.ts";
import { KeyTokenMint, type RequestFacts } from "../../shared/auth/key_token.ts";
import { TokenVerifier } from "../../shared/auth/token_verifier.ts";
import type { PrivateSigningJwk } from "../../shared/config/env.ts";
import { goodClaims, ISSUER, makeSigningKey, NOW, SESSION_ID, signEs256, USER_ID } from "./signing.ts";

const KEY = makeSigningKey("vouching");
const signingJwk = { ...KEY.privateJwk, kid: KEY.kid } as unknown as PrivateSigningJwk;
const FACTS: RequestFacts = { address: "192.0.2.1", user_agent: "curl/8", request_id: "request-1" };
const mint = () => new KeyTokenMint({ signingJwk, issuer: ISSUER, now: () => NOW });

/** As the functions verify what comes from outside. */
function outside(): TokenVerifier {
  const jwks = new Jwks({
    url: "https://project.test/jwks",
    now: () => NOW,
    fetch: () => Promise.resolve(Response.json({ keys: [KEY.publicJwk] })),
  });
  return new TokenVerifier({ jwks, issuers: [ISSUER], now: () => NOW });
}

Deno.test("a session's: every claim of its own token, the facts, a minute at most", async () => {
  const claims = goodClaims({ aal: "aal2", app_metadata: { provider: "email" } });
  const token = await mint().vouchForSession(claims, FACTS);
  assert.deepEqual(decodeJwt(token), { ...claims, exp: NOW + 60, request: FACTS });
});

Deno.test("a session's ends no later than its own token", async () => {
  const token = await mint().vouchForSession(goodClaims({ exp: NOW + 7 }), FACTS);
  assert.equal(decodeJwt(token).exp, NOW + 7);
});

Deno.test("a claim of that name in the session's own token does not get through", async () => {
  const forged = goodClaims({ request: { address: "203.0.113.9" } });
  assert.deepEqual(decodeJwt(await mint().vouchForSession(forged, FACTS)).request, FACTS);
  await assert.rejects(outside().verify(signEs256(KEY, forged)), { code: "TOKEN_INVALID" });
  await outside().verify(signEs256(KEY, goodClaims()));
});

Deno.test("a key's: key, creator and facts, made anew for each request", async () => {
  const key = { user_id: USER_ID, api_key_id: 7 };
  const keeper = mint();
  const bare = decodeJwt(await keeper.tokenFor(key));
  assert.equal(bare.request, undefined);
  assert.deepEqual(decodeJwt(await keeper.vouchForKey(key, FACTS)), { ...bare, request: FACTS });
  const other = decodeJwt(await keeper.vouchForKey(key, { ...FACTS, request_id: "request-2" }));
  assert.equal((other.request as RequestFacts).request_id, "request-2");
});

Deno.test("a ticket's session: as issued then, reused, and no longer than the token that asked", async () => {
  const subject = {
    user_id: USER_ID,
    session_id: SESSION_ID,
    aal: "aal2",
    issuedAt: NOW - 900,
    expiresAt: NOW + 30,
  } as const;
  const keeper = mint();
  const token = await keeper.tokenForSession(subject);
  const { iat, exp, sub, session_id, aal } = decodeJwt(token);
  assert.deepEqual([iat, exp, sub, session_id, aal], [NOW - 900, NOW + 30, USER_ID, SESSION_ID, "aal2"]);
  assert.equal(await keeper.tokenForSession(subject), token);
  assert.notEqual(await keeper.tokenForSession({ ...subject, session_id: null }), token);
});

Deno.test("none of them is a credential outside", async () => {
  const subject = {
    user_id: USER_ID,
    session_id: SESSION_ID,
    aal: "aal1",
    issuedAt: NOW - 900,
    expiresAt: NOW + 3600,
  } as const;
  for (
    const token of [
      await mint().vouchForSession(goodClaims(), FACTS),
      await mint().vouchForKey({ user_id: USER_ID, api_key_id: 7 }, FACTS),
      await mint().tokenForSession(subject),
    ]
  ) await assert.rejects(outside().verify(token), { code: "TOKEN_INVALID" });
});

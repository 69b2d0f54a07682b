/** Guarantee: a token that breaks any one rule of the contract is refused; one that breaks none is accepted. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { Jwks } from "../../shared/auth/jwks.ts";
import { TokenVerifier } from "../../shared/auth/token_verifier.ts";
import { ApiError } from "../../shared/errors/api_error.ts";
import {
  encode,
  goodClaims,
  ISSUER,
  makeSigningKey,
  NOW,
  SECRET,
  SESSION_ID,
  signEs256,
  signHs256,
  USER_ID,
} from "./signing.ts";

const KEY = makeSigningKey("current");
const OTHER = makeSigningKey("other");

function makeVerifier(options: { now?: () => number; jwtSecret?: string | undefined } = {}) {
  const now = options.now ?? (() => NOW);
  const jwks = new Jwks({
    url: "https://project.test/jwks",
    now,
    fetch: () => Promise.resolve(Response.json({ keys: [KEY.publicJwk] })),
  });
  const jwtSecret = "jwtSecret" in options ? options.jwtSecret : SECRET;
  return new TokenVerifier({ jwks, issuers: [ISSUER, "https://second.test/auth/v1"], jwtSecret, now });
}

const es = (changes: Record<string, unknown>) => signEs256(KEY, goodClaims(changes));
const header = (changes: Record<string, unknown>) =>
  signEs256(KEY, goodClaims(), { alg: "ES256", kid: KEY.kid, typ: "JWT", ...changes });
const HS256_WITH_KID = (kid: unknown) => ({ alg: "HS256", typ: "JWT", kid });
const without = (name: string) => {
  const { [name]: _, ...claims } = goodClaims();
  return signEs256(KEY, claims);
};

const ACCEPTED: [string, string][] = [
  ["an ES256 token", es({})],
  ["an HS256 token", signHs256(SECRET, goodClaims())],
  [
    "an HS256 token whose kid names no published key",
    signHs256(SECRET, goodClaims(), HS256_WITH_KID("legacy")),
  ],
  ["a token that says it is not anonymous", es({ is_anonymous: false })],
  ["a token of the second issuer", es({ iss: "https://second.test/auth/v1" })],
  ["an audience among several", es({ aud: ["other", "authenticated"] })],
  ["a header without typ", signEs256(KEY, goodClaims(), { alg: "ES256", kid: KEY.kid })],
  ["iat half a minute ahead", es({ iat: NOW + 30 })],
  ["nbf half a minute ahead", es({ nbf: NOW + 30 })],
  ["one second of life left", es({ exp: NOW + 1 })],
  ["a token without a session", without("session_id")],
];

for (const [name, token] of ACCEPTED) {
  Deno.test(`accepts ${name}`, async () => {
    const claims = await makeVerifier().verify(token);
    assert.equal(claims.userId, USER_ID);
  });
}

Deno.test("the claims come back as what admission and step-up need", async () => {
  assert.deepEqual(await makeVerifier().verify(es({})), {
    userId: USER_ID,
    sessionId: SESSION_ID,
    issuedAt: NOW - 10,
    expiresAt: NOW + 3600,
    aal: "aal1",
    authenticatedAt: NOW - 10,
  });
});

const good = es({});
const [goodHeader, goodPayload, goodSignature] = good.split(".") as [string, string, string];
const claimsText = JSON.stringify(goodClaims());

const INVALID: [string, string][] = [
  // Form
  ["two segments", `${goodHeader}.${goodPayload}`],
  ["four segments", `${good}.x`],
  ["an empty signature", `${goodHeader}.${goodPayload}.`],
  ["padding in the signature", `${good}==`],
  ["white space inside", `${goodHeader}.${goodPayload}. ${goodSignature}`],
  ["a trailing newline", `${good}\n`],
  ["plain base64 characters", good.replace(goodSignature, `+/${goodSignature.slice(2)}`)],
  ["stray trailing bits in the signature", goodHeader + "." + goodPayload + "." + strayBits(goodSignature)],
  ["stray trailing bits in HS256", strayTail(signHs256(SECRET, goodClaims()))],
  ["a header that is no JSON", signEs256(KEY, goodClaims(), "{")],
  ["a header that is an array", signEs256(KEY, goodClaims(), "[]")],
  ["claims that are a string", signEs256(KEY, '"claims"')],
  ["claims that are not UTF-8", invalidUtf8()],
  ["text that is no token", "hello"],
  // Header
  ["alg none", `${encode({ alg: "none", typ: "JWT" })}.${goodPayload}.${goodSignature}`],
  ["alg none without signature", `${encode({ alg: "none" })}.${goodPayload}.`],
  ["alg ES384", header({ alg: "ES384" })],
  ["alg RS256", header({ alg: "RS256" })],
  ["alg in lower case", header({ alg: "es256" })],
  ["ES256 without kid", signEs256(KEY, goodClaims(), { alg: "ES256", typ: "JWT" })],
  ["an unknown kid", header({ kid: "nobody" })],
  ["a kid that is a number", header({ kid: 1 })],
  ["HS256 with a published key's kid", signHs256(SECRET, goodClaims(), HS256_WITH_KID("current"))],
  ["HS256 with a kid that is no text", signHs256(SECRET, goodClaims(), HS256_WITH_KID(1))],
  ["HS256 with a kid and a wrong secret", signHs256("x".repeat(40), goodClaims(), HS256_WITH_KID("legacy"))],
  ["typ at+jwt", header({ typ: "at+jwt" })],
  ["typ jwt in lower case", header({ typ: "jwt" })],
  ["cty", header({ cty: "JWT" })],
  ["zip", header({ zip: "DEF" })],
  ["crit", header({ crit: ["exp"] })],
  ["jku", header({ jku: "https://evil.test/jwks" })],
  ["jwk", header({ jwk: OTHER.publicJwk })],
  ["x5c", header({ x5c: ["AAAA"] })],
  ["b64", header({ b64: false })],
  ["a header member twice", signEs256(KEY, goodClaims(), `{"alg":"ES256","kid":"other","kid":"${KEY.kid}"}`)],
  // Signature
  ["another key's signature under our kid", signEs256({ ...OTHER, kid: KEY.kid }, goodClaims())],
  [
    "another payload's signature",
    `${goodHeader}.${encode(goodClaims({ sub: SESSION_ID }))}.${goodSignature}`,
  ],
  ["a zero signature", `${goodHeader}.${goodPayload}.${Buffer.alloc(64).toString("base64url")}`],
  ["a wrong HS256 secret", signHs256("another-secret-of-more-than-32-bytes!!", goodClaims())],
  ["HS256 signed with the public key", signHs256(JSON.stringify(KEY.publicJwk), goodClaims())],
  [
    "HS256 with the published demo secret",
    signHs256("super-secret-jwt-token-with-at-least-32-characters-long", goodClaims()),
  ],
  // Claims
  ["another issuer", es({ iss: "https://evil.test/auth/v1" })],
  ["an issuer with a trailing slash", es({ iss: `${ISSUER}/` })],
  ["no issuer", without("iss")],
  ["an issuer in a list", es({ iss: [ISSUER] })],
  ["another audience", es({ aud: "anon" })],
  ["no audience", without("aud")],
  ["an audience that only contains the word", es({ aud: "authenticated-not" })],
  ["the anon role", es({ role: "anon" })],
  ["the service role", es({ role: "service_role" })],
  ["the role in other case", es({ role: "Authenticated" })],
  ["no role", without("role")],
  ["a subject that is no UUID", es({ sub: "1" })],
  ["no subject", without("sub")],
  ["no exp", without("exp")],
  ["a fractional exp", es({ exp: NOW + 3600.5 })],
  ["exp as text", es({ exp: String(NOW + 3600) })],
  ["an infinite exp", signEs256(KEY, claimsText.replace(String(NOW + 3600), "1e999"))],
  ["no iat", without("iat")],
  ["a fractional iat", es({ iat: NOW - 10.5 })],
  ["iat as text", es({ iat: "now" })],
  ["iat 31 seconds ahead", es({ iat: NOW + 31 })],
  ["nbf 31 seconds ahead", es({ nbf: NOW + 31 })],
  ["nbf as text", es({ nbf: "0" })],
  ["a session id that is no UUID", es({ session_id: "x" })],
  ["a claim twice", signEs256(KEY, claimsText.replace("{", '{"role":"anon",'))],
  ["a claim twice, once escaped", signEs256(KEY, claimsText.replace("{", '{"\\u0072ole":"anon",'))],
  ["a nested member twice", signEs256(KEY, claimsText.replace("{", '{"app_metadata":{"a":1,"a":2},'))],
  ["a token minted for an API key", es({ api_key_id: 1 })],
  ["an anonymous person", es({ is_anonymous: true })],
  ["a token that ends as it begins", es({ iat: NOW + 20, exp: NOW + 20 })],
  ["a token that ends before it begins", es({ iat: NOW + 20, exp: NOW + 10 })],
];

for (const [name, token] of INVALID) {
  Deno.test(`refuses ${name}`, async () => void await refuses(makeVerifier(), token, "TOKEN_INVALID"));
}

Deno.test("an expired token is TOKEN_EXPIRED, to the second", async () => {
  await refuses(makeVerifier(), es({ exp: NOW }), "TOKEN_EXPIRED");
  await refuses(makeVerifier(), es({ iat: NOW - 7200, exp: NOW - 3600 }), "TOKEN_EXPIRED");
});

Deno.test("an expired token that is wrong as well is not called expired", async () => {
  await refuses(makeVerifier(), es({ exp: NOW - 1, role: "anon" }), "TOKEN_INVALID");
  await refuses(
    makeVerifier(),
    signEs256({ ...OTHER, kid: KEY.kid }, goodClaims({ exp: NOW - 1 })),
    "TOKEN_INVALID",
  );
});

Deno.test("HS256 is off without a configured secret", async () => {
  const verifier = makeVerifier({ jwtSecret: undefined });
  await refuses(verifier, signHs256(SECRET, goodClaims()), "TOKEN_INVALID");
  await refuses(verifier, signHs256(SECRET, goodClaims(), HS256_WITH_KID("legacy")), "TOKEN_INVALID");
});

Deno.test("whether an HS256 token's kid is published can't be known while the key set can't be had", async () => {
  const jwks = new Jwks({
    url: "https://project.test/jwks",
    now: () => NOW,
    fetch: () => Promise.reject(new TypeError("no route")),
  });
  const verifier = new TokenVerifier({ jwks, issuers: [ISSUER], jwtSecret: SECRET, now: () => NOW });
  await refuses(verifier, signHs256(SECRET, goodClaims(), HS256_WITH_KID("legacy")), "UNAVAILABLE");
  assert.equal((await verifier.verify(signHs256(SECRET, goodClaims()))).userId, USER_ID);
});

Deno.test("a remembered token is not verified again", async () => {
  const verifier = makeVerifier();
  for (const token of [es({}), signHs256(SECRET, goodClaims())]) {
    const first = await verifier.verify(token);
    // The same object: what was found then, not the same found once more.
    assert.equal(await verifier.verify(token), first);
  }
});

Deno.test("of `amr`, the newest time that is a number says when the person signed in", async () => {
  const rows: [string, number | undefined][] = [
    [`[{"timestamp":${NOW - 20}},{"timestamp":${NOW - 9}},{"timestamp":${NOW - 30}}]`, NOW - 9],
    [`[null,"otp",{"method":"otp"},{"timestamp":"${NOW}"},{"timestamp":1e999}]`, undefined],
    ["[]", undefined],
    [`{"timestamp":${NOW}}`, undefined],
    ["null", undefined],
  ];
  for (const [amr, expected] of rows) {
    const text = JSON.stringify({ ...goodClaims(), amr: 0 }).replace('"amr":0', `"amr":${amr}`);
    const { authenticatedAt } = await makeVerifier().verify(signEs256(KEY, text));
    assert.equal(authenticatedAt, expected, amr);
  }
});

Deno.test("a remembered token still ends with its exp", async () => {
  let now = NOW;
  const verifier = makeVerifier({ now: () => now });
  const token = es({ exp: NOW + 60 });
  await verifier.verify(token);
  now = NOW + 60;
  await refuses(verifier, token, "TOKEN_EXPIRED");
});

Deno.test("remembering one token does not accept its twin with another signature", async () => {
  const verifier = makeVerifier();
  await verifier.verify(good);
  await refuses(verifier, `${goodHeader}.${goodPayload}.${strayBits(goodSignature)}`, "TOKEN_INVALID");
  await refuses(
    verifier,
    `${goodHeader}.${encode(goodClaims({ sub: SESSION_ID }))}.${goodSignature}`,
    "TOKEN_INVALID",
  );
});

Deno.test("a remembered token dies with its key, once the set is refetched", async () => {
  let now = NOW;
  let keys = [KEY.publicJwk];
  const jwks = new Jwks({
    url: "https://project.test/jwks",
    now: () => now,
    fetch: () => Promise.resolve(Response.json({ keys })),
  });
  const verifier = new TokenVerifier({ jwks, issuers: [ISSUER], now: () => now });
  const token = es({ exp: NOW + 7200 });
  await verifier.verify(token);
  keys = [OTHER.publicJwk];
  now = NOW + 599;
  await verifier.verify(token);
  now = NOW + 600;
  await refuses(verifier, token, "TOKEN_INVALID");
});

Deno.test("no refusal repeats the token", async () => {
  const error = await refuses(makeVerifier(), `${good}x`, "TOKEN_INVALID");
  assert.ok(!JSON.stringify([error.message, error.details]).includes(goodPayload));
});

async function refuses(verifier: TokenVerifier, token: string, code: string): Promise<ApiError> {
  try {
    await verifier.verify(token);
  } catch (error) {
    assert.ok(error instanceof ApiError, String(error));
    assert.equal(error.code, code);
    return error;
  }
  throw new assert.AssertionError({ message: `accepted, expected ${code}` });
}

/** The same 64 bytes in another spelling: the last character's unused bits are set. */
function strayBits(signature: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const last = alphabet.indexOf(signature.at(-1)!);
  return signature.slice(0, -1) + alphabet[last | 1];
}

function strayTail(token: string): string {
  const cut = token.lastIndexOf(".") + 1;
  return token.slice(0, cut) + strayBits(token.slice(cut));
}

function invalidUtf8(): string {
  const bytes = Buffer.concat([
    Buffer.from(claimsText.slice(0, -1) + ',"x":"'),
    Buffer.from([0xff]),
    Buffer.from('"}'),
  ]);
  const input = `${goodHeader}.${bytes.toString("base64url")}`;
  return `${input}.${signEs256(KEY, "x").split(".")[2]}`;
}

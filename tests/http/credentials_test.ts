/** Guarantee: what is no living credential is 401 on every protected route, through the whole stack. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { decodeJwt, importJWK, type JWTPayload, SignJWT } from "jose";
import { drawApiKey } from "../../shared/auth/api_key.ts";
import { gatherCast } from "./cast.ts";
import { NO_SHARED_SECRET, ownStackTest } from "./given_stack.ts";

const cast = await gatherCast();
const { callWith, signIn, stack } = cast;
const GOOD = decodeJwt((await signIn("user")).token);

async function es256(changes: JWTPayload, header: Record<string, unknown> = {}): Promise<string> {
  return await new SignJWT({ ...GOOD, ...changes })
    .setProtectedHeader({ alg: "ES256", typ: "JWT", kid: stack.signingKey.kid, ...header })
    .sign(await importJWK(stack.signingKey, "ES256"));
}

async function hs256(changes: JWTPayload, secret = stack.jwtSecret): Promise<string> {
  return await new SignJWT({ ...GOOD, ...changes })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .sign(new TextEncoder().encode(secret));
}

const now = Math.floor(Date.now() / 1000);
const ROUTES = [
  "/v1/resources",
  "/api/v1/resources/1",
  "/functions/v1/auth/me",
  "/v1/settings/api-keys",
  "/api/ws/drifts",
];

const REFUSED: [string, () => Promise<string | undefined>, string][] = [
  ["no credential", () => Promise.resolve(undefined), "TOKEN_MISSING"],
  ["text", () => Promise.resolve("hello"), "TOKEN_INVALID"],
  ["a broken token", async () => (await es256({})).slice(0, -4), "TOKEN_INVALID"],
  ["an expired token", () => es256({ iat: now - 60, exp: now - 1 }), "TOKEN_EXPIRED"],
  ["another issuer's token", () => es256({ iss: "https://evil.test/auth/v1" }), "TOKEN_INVALID"],
  ["a forged HS256 token", () => hs256({}, "another-secret-of-more-than-32-bytes!!"), "TOKEN_INVALID"],
  ["a service-role token", () => es256({ role: "service_role" }), "TOKEN_INVALID"],
  ["an anonymous-role token", () => hs256({ role: "anon" }), "TOKEN_INVALID"],
  ["the publishable key", () => Promise.resolve(stack.publishableKey), "TOKEN_INVALID"],
  ["the secret key", () => Promise.resolve(stack.secretKey), "TOKEN_INVALID"],
  [
    "a token of a session that never was",
    () => es256({ session_id: crypto.randomUUID() }),
    "SESSION_REVOKED",
  ],
  ["a token of somebody who never was", () => es256({ sub: crypto.randomUUID() }), "SESSION_REVOKED"],
  [
    "another person's session",
    async () => es256({ sub: decodeJwt((await signIn("viewer")).token).sub! }),
    "SESSION_REVOKED",
  ],
  ["a token minted for a key", () => es256({ api_key_id: 1 }), "TOKEN_INVALID"],
  ["a well-formed key that nobody made", () => Promise.resolve(drawApiKey("live").text), "API_KEY_INVALID"],
  [
    "a key with a wrong secret",
    async () => wrongSecret(await cast.credential("key:resources:read")),
    "API_KEY_INVALID",
  ],
  ["junk that begins like a key", () => Promise.resolve("ia_live_junk"), "API_KEY_INVALID"],
];

/** Sends it to every route, and looks for the refusal and its challenge. */
async function isRefusedEverywhere(credential: string | undefined, code: string): Promise<void> {
  for (const route of ROUTES) {
    const answer = await callWith(credential, "GET", route);
    assert.deepEqual([route, answer.status, answer.body.code], [route, 401, code]);
    const challenge = answer.headers.get("www-authenticate")!;
    assert.match(challenge, /^Bearer realm="infraaudit"/);
    assert.equal(challenge.includes('error="invalid_token"'), credential !== undefined);
    if (credential) assert.ok(!JSON.stringify(answer.body).includes(credential));
  }
}

for (const [name, make, code] of REFUSED) {
  Deno.test(`${name} is 401 everywhere`, async () => await isRefusedEverywhere(await make(), code));
}

ownStackTest("an expired HS256 token is 401 everywhere", NO_SHARED_SECRET, async () => {
  await isRefusedEverywhere(await hs256({ iat: now - 60, exp: now - 1 }), "TOKEN_EXPIRED");
});

const ACCEPTED: [string, () => Promise<string>, missing?: string][] = [
  ["ES256", () => es256({})],
  ["HS256 by the project's legacy secret", () => hs256({}), NO_SHARED_SECRET],
  ["a token without a session", () => es256({ session_id: undefined })],
];

for (const [name, make, missing] of ACCEPTED) {
  ownStackTest(`${name} is accepted`, missing, async () => {
    const answer = await callWith(await make(), "GET", "/v1/auth/me");
    assert.deepEqual([answer.status, answer.body.email], [200, "user@example.com"]);
  });
}

Deno.test("a token without a session dies when its person signs out, and a later one lives", async () => {
  const viewer = decodeJwt((await signIn("viewer")).token);
  const sessionless = (issuedAt: number) => es256({ sub: viewer.sub!, session_id: undefined, iat: issuedAt });
  const early = await sessionless(now - 60);
  assert.equal((await callWith(early, "GET", "/v1/auth/me")).status, 200);
  assert.equal(
    (await callWith((await signIn("viewer")).token, "POST", "/api/logout", { scope: "global" })).status,
    204,
  );
  assert.equal((await callWith(early, "GET", "/v1/auth/me")).body.code, "SESSION_REVOKED");
  const late = await sessionless(Math.floor(Date.now() / 1000) + 5);
  assert.equal((await callWith(late, "GET", "/v1/auth/me")).status, 200);
});

Deno.test("signing a token without a session out ends it alone", async () => {
  const real = (await signIn("admin")).token;
  const sub = decodeJwt(real).sub!;
  const [one, other] = [now - 30, now - 20].map((iat) => es256({ sub, session_id: undefined, iat }));
  assert.equal((await callWith(await one, "POST", "/api/logout", {})).status, 204);
  const seen = await Promise.all(
    [one, other, real].map(async (credential) =>
      (await callWith(await credential, "GET", "/v1/auth/me")).body.code ?? "alive"
    ),
  );
  assert.deepEqual(seen, ["SESSION_REVOKED", "alive", "alive"]);
  const atData = await fetch(`${stack.url}/rest/v1/profiles?select=id`, {
    headers: { apikey: stack.publishableKey, authorization: `Bearer ${await one}` },
  });
  assert.deepEqual(await atData.json(), []);
});

Deno.test("two credentials are 400, whichever way they come", async () => {
  const { token } = await signIn("user");
  const headers = new Headers([["authorization", `Bearer ${token}`], ["authorization", `Bearer ${token}`]]);
  const twice = await fetch(`${stack.url}/v1/resources`, { headers });
  assert.deepEqual([twice.status, (await twice.json()).code], [400, "INVALID_REQUEST"]);
  const both = await callWith(token, "GET", `/api/ws/drifts?token=${token}`);
  assert.deepEqual([both.status, both.body.code], [400, "INVALID_REQUEST"]);
});

Deno.test("?token= is no credential on any route but the stream", async () => {
  const { token } = await signIn("user");
  assert.equal((await callWith(undefined, "GET", `/v1/resources?token=${token}`)).status, 401);
  assert.equal((await callWith(token, "GET", `/v1/resources?token=other`)).status, 200);
});

Deno.test("a key in a URL is 401 with advice, and its text comes back nowhere", async () => {
  const key = await cast.credential("key:drifts:read");
  const answer = await callWith(undefined, "GET", `/api/ws/drifts?token=${key}`);
  assert.deepEqual([answer.status, answer.body.code], [401, "API_KEY_INVALID"]);
  assert.match(answer.body.error, /Authorization header/);
  assert.ok(!JSON.stringify([answer.body, cast.logs]).includes(key!.slice(20)));
});

Deno.test("a banned person's token and keys die at once, and come back with the ban's end", async () => {
  const { token } = await signIn("admin");
  const made = await callWith(token, "POST", "/v1/settings/api-keys", { name: "banned" });
  const who = [token, made.body.key];
  const setBan = (until: string) =>
    stack.database.query(`update auth.users set banned_until = ${until} where email = 'admin@example.com'`);
  await setBan("now() + interval '1 hour'");
  for (const credential of who) assert.equal((await callWith(credential, "GET", "/v1/auth/me")).status, 401);
  await setBan("null");
  for (const credential of who) assert.equal((await callWith(credential, "GET", "/v1/auth/me")).status, 200);
});

Deno.test("a deleted person's token and keys are dead", async () => {
  const registered = await callWith(undefined, "POST", "/api/register", {
    email: "leaving@example.com",
    password: "long-enough",
  });
  const { token } = registered.body;
  const { key } = (await callWith(token, "POST", "/v1/settings/api-keys", { name: "left behind" })).body;
  await stack.database.query("delete from auth.users where email = 'leaving@example.com'");
  assert.equal((await callWith(token, "GET", "/v1/auth/me")).body.code, "SESSION_REVOKED");
  assert.equal((await callWith(key, "GET", "/v1/auth/me")).body.code, "API_KEY_REVOKED");
});

/** A key with the same public id and a right checksum over another secret. */
function wrongSecret(key: string | undefined): string {
  const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const body = key!.slice(0, 19) + createHmac("sha256", "x").update(key!).digest("hex").slice(0, 43);
  let crc = 0xffffffff;
  for (const byte of new TextEncoder().encode(body)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  let rest = (crc ^ 0xffffffff) >>> 0;
  let checksum = "";
  for (let place = 0; place < 6; place++, rest = Math.floor(rest / 62)) {
    checksum = alphabet[rest % 62] + checksum;
  }
  return body + checksum;
}

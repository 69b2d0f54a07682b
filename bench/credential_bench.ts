/** What checking a credential costs inside an isolate, before the database is asked: warm against cold. */
import { drawApiKey, parseApiKey } from "../shared/auth/api_key.ts";
import { hashWithLivePeppers } from "../shared/auth/api_key_hash.ts";
import { Jwks } from "../shared/auth/jwks.ts";
import { TokenVerifier } from "../shared/auth/token_verifier.ts";
import { goodClaims, ISSUER, makeSigningKey, SECRET, signEs256, signHs256 } from "../tests/auth/signing.ts";

const KEY = makeSigningKey("bench");
const jwks = new Jwks({
  url: "https://project.test/jwks",
  fetch: () => Promise.resolve(Response.json({ keys: [KEY.publicJwk] })),
});
const now = Math.floor(Date.now() / 1000);
const claims = goodClaims({ iat: now, exp: now + 3600 });
const es256 = signEs256(KEY, claims);
const hs256 = signHs256(SECRET, claims);
const makeVerifier = () => new TokenVerifier({ jwks, issuers: [ISSUER], jwtSecret: SECRET });

const warm = makeVerifier();
await warm.verify(es256);

Deno.bench("ES256 token, first time in the isolate", { group: "token", baseline: true }, async () => {
  await makeVerifier().verify(es256);
});
Deno.bench("HS256 token, first time in the isolate", { group: "token" }, async () => {
  await makeVerifier().verify(hs256);
});
Deno.bench("token, remembered", { group: "token" }, async () => {
  await warm.verify(es256);
});

const key = drawApiKey("live").text;
const junk = key.slice(0, -1) + (key.endsWith("0") ? "1" : "0");
const pepper = { version: 2, current: "p".repeat(44), previous: "q".repeat(44) };

Deno.bench("key: grammar, checksum and HMAC under two peppers", { group: "key", baseline: true }, () => {
  hashWithLivePeppers(parseApiKey(key)!.text, pepper);
});
Deno.bench("key that fails its checksum", { group: "key" }, () => {
  parseApiKey(junk);
});

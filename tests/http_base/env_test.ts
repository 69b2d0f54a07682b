/** Guarantee: a function with a wrong environment does not start, and says which variable without its value. */
import assert from "node:assert/strict";
import { readEnv } from "../../shared/config/env.ts";
import { makeSigningKey } from "../auth/signing.ts";

const KEY = makeSigningKey("signing");
const GOOD = {
  SUPABASE_URL: "https://project.supabase.co/",
  SUPABASE_PUBLISHABLE_KEYS: '{"default":"sb_publishable_x"}',
  SUPABASE_SECRET_KEYS: '{"default":"sb_secret_x"}',
  KEY_SIGNING_JWK: JSON.stringify({ ...KEY.privateJwk, kid: KEY.kid }),
  API_KEY_PEPPER: "p".repeat(32),
};

Deno.test("a hosted environment is read with its defaults", () => {
  const env = readEnv(GOOD);
  assert.equal(env.supabaseUrl, "https://project.supabase.co");
  assert.deepEqual(env.issuers, ["https://project.supabase.co/auth/v1"]);
  assert.equal(env.publishableKey, "sb_publishable_x");
  assert.equal(env.secretKey, "sb_secret_x");
  assert.equal(env.jwtSecret, undefined);
  assert.deepEqual(env.allowedOrigins, ["*"]);
  assert.equal(env.requestsPerMinute, 600);
  assert.equal(env.publicBaseUrl, "https://project.supabase.co");
  assert.equal(env.webBaseUrl, "https://project.supabase.co");
  assert.equal(env.sensitiveValuesKey, GOOD.API_KEY_PEPPER);
  assert.equal(env.streamWakeUps, true);
});

Deno.test("what has a fallback is taken from its own variable where that is set", () => {
  const env = readEnv({
    ...GOOD,
    PUBLIC_BASE_URL: "https://api.test",
    WEB_BASE_URL: "https://app.test/",
    SENSITIVE_VALUES_KEY: "s".repeat(32),
    STREAM_WAKE_UPS: "off",
    LEGACY_JWT_SECRET: "l".repeat(32),
  });
  assert.equal(env.publicBaseUrl, "https://api.test");
  assert.equal(env.webBaseUrl, "https://app.test");
  assert.equal(env.sensitiveValuesKey, "s".repeat(32));
  assert.equal(env.streamWakeUps, false);
  assert.equal(env.jwtSecret, "l".repeat(32));
  assert.equal(readEnv({ ...GOOD, PUBLIC_BASE_URL: "https://api.test" }).webBaseUrl, "https://api.test");
});

Deno.test("the older names of the keys serve where the newer are absent", () => {
  const { SUPABASE_PUBLISHABLE_KEYS: _, SUPABASE_SECRET_KEYS: __, ...rest } = GOOD;
  const env = readEnv({ ...rest, SUPABASE_ANON_KEY: "anon", SUPABASE_SERVICE_ROLE_KEY: "service" });
  assert.equal(env.publishableKey, "anon");
  assert.equal(env.secretKey, "service");
});

Deno.test("lists are split, limits can be switched off, and empty means absent", () => {
  const env = readEnv({
    ...GOOD,
    AUTH_ISSUERS: "a, b",
    ALLOWED_ORIGINS: "https://x.test",
    RATE_LIMITS: "off",
    LEGACY_JWT_SECRET: "",
  });
  assert.deepEqual(env.issuers, ["a", "b"]);
  assert.deepEqual(env.allowedOrigins, ["https://x.test"]);
  assert.equal(env.requestsPerMinute, null);
  assert.equal(env.jwtSecret, undefined);
});

const SHORT_SECRET = "short-and-secret";
const WRONG: [string, Record<string, string | undefined>, RegExp][] = [
  ["no SUPABASE_URL", { SUPABASE_URL: undefined }, /SUPABASE_URL is missing/],
  ["no publishable key", { SUPABASE_PUBLISHABLE_KEYS: undefined }, /SUPABASE_PUBLISHABLE_KEYS is missing/],
  [
    "an empty publishable key",
    { SUPABASE_PUBLISHABLE_KEYS: '{"default":""}' },
    /PUBLISHABLE_KEYS is missing/,
  ],
  ["no secret key", { SUPABASE_SECRET_KEYS: undefined }, /SUPABASE_SECRET_KEYS is missing/],
  ["keys that are no JSON", { SUPABASE_SECRET_KEYS: "sb_secret_x" }, /SUPABASE_SECRET_KEYS must be JSON/],
  ["no signing key", { KEY_SIGNING_JWK: undefined }, /KEY_SIGNING_JWK is missing/],
  [
    "a public signing key",
    { KEY_SIGNING_JWK: JSON.stringify(KEY.publicJwk) },
    /KEY_SIGNING_JWK\.d is missing/,
  ],
  ["no pepper", { API_KEY_PEPPER: undefined }, /API_KEY_PEPPER is missing/],
  ["a short pepper", { API_KEY_PEPPER: SHORT_SECRET }, /API_KEY_PEPPER must be at least 32 characters/],
  [
    "a short legacy secret",
    { LEGACY_JWT_SECRET: SHORT_SECRET },
    /LEGACY_JWT_SECRET must be at least 32 bytes/,
  ],
  [
    "the published demo secret",
    { SUPABASE_JWT_SECRET: "super-secret-jwt-token-with-at-least-32-characters-long" },
    /SUPABASE_JWT_SECRET must not be the demo secret/,
  ],
  ["a negative limit", { RATE_LIMIT_REQUESTS_PER_MINUTE: "-1" }, /RATE_LIMIT_REQUESTS_PER_MINUTE/],
];

for (const [name, changes, message] of WRONG) {
  Deno.test(`${name} stops the start`, () => {
    assert.throws(() => readEnv({ ...GOOD, ...changes }), (error: Error) => {
      assert.match(error.message, message);
      assert.ok(!error.message.includes(SHORT_SECRET));
      return true;
    });
  });
}

Deno.test("every fault is named at once", () => {
  assert.throws(() => readEnv({}), /SUPABASE_URL.*KEY_SIGNING_JWK.*API_KEY_PEPPER/);
});

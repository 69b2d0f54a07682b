/** Guarantee: keys are cached ten minutes, fetched one at a time, asked for sparingly, and kept when the endpoint fails. */
import assert from "node:assert/strict";
import { Jwks, JWKS_TIMEOUT_MILLISECONDS } from "../../shared/auth/jwks.ts";
import { ApiError } from "../../shared/errors/api_error.ts";
import { makeSigningKey, NOW } from "./signing.ts";

const KEY = makeSigningKey("first");
const NEXT = makeSigningKey("next");

/** An endpoint that can be counted, changed and broken; and a clock that can be set. */
function makeEndpoint() {
  const endpoint = {
    now: NOW,
    fetches: 0,
    answer: (): Response | Promise<Response> => Response.json({ keys: [KEY.publicJwk] }),
  };
  const jwks = new Jwks({
    url: "https://project.test/jwks",
    now: () => endpoint.now,
    fetch: () => {
      endpoint.fetches++;
      return Promise.resolve().then(() => endpoint.answer());
    },
  });
  return { endpoint, jwks };
}

const broken = () => Promise.reject(new TypeError("connection refused"));

Deno.test("one fetch serves ten minutes, then the next", async () => {
  const { endpoint, jwks } = makeEndpoint();
  for (const second of [0, 1, 599]) {
    endpoint.now = NOW + second;
    assert.ok(await jwks.find("first"));
  }
  assert.equal(endpoint.fetches, 1);
  endpoint.now = NOW + 600;
  assert.ok(await jwks.find("first"));
  assert.equal(endpoint.fetches, 2);
});

Deno.test("a hundred cold requests share one fetch", async () => {
  const { endpoint, jwks } = makeEndpoint();
  await Promise.all(Array.from({ length: 100 }, () => jwks.find("first")));
  assert.equal(endpoint.fetches, 1);
});

Deno.test("unknown kids cost at most one extra fetch in 30 seconds", async () => {
  const { endpoint, jwks } = makeEndpoint();
  await jwks.find("first");
  endpoint.now = NOW + 5;
  await Promise.all(Array.from({ length: 50 }, (_, index) => jwks.find(`unknown-${index}`)));
  assert.equal(endpoint.fetches, 2);
  endpoint.now = NOW + 34;
  assert.equal(await jwks.find("unknown"), undefined);
  assert.equal(endpoint.fetches, 2);
  endpoint.now = NOW + 35;
  assert.equal(await jwks.find("unknown"), undefined);
  assert.equal(endpoint.fetches, 3);
});

Deno.test("a key that was just added is found by the extra fetch", async () => {
  const { endpoint, jwks } = makeEndpoint();
  await jwks.find("first");
  endpoint.answer = () => Response.json({ keys: [KEY.publicJwk, NEXT.publicJwk] });
  endpoint.now = NOW + 1;
  assert.ok(await jwks.find("next"));
});

Deno.test("a key that left the set is refused after the refetch", async () => {
  const { endpoint, jwks } = makeEndpoint();
  assert.ok(await jwks.find("first"));
  endpoint.answer = () => Response.json({ keys: [NEXT.publicJwk] });
  endpoint.now = NOW + 600;
  assert.equal(await jwks.find("first"), undefined);
  assert.equal(jwks.hasFresh("first"), false);
});

const FAILURES: [string, () => Response | Promise<Response>][] = [
  ["does not answer", broken],
  ["answers 500", () => new Response("no", { status: 500 })],
  ["answers 500 with a set", () => Response.json({ keys: [KEY.publicJwk] }, { status: 500 })],
  ["answers no JSON", () => new Response("<html>")],
  ["answers another JSON", () => Response.json({ keys: "none" })],
  ["answers null", () => Response.json(null)],
];

for (const [name, failure] of FAILURES) {
  Deno.test(`nothing known and an endpoint that ${name}: 503 with Retry-After, never 401`, async () => {
    const { endpoint, jwks } = makeEndpoint();
    endpoint.answer = failure;
    await assert.rejects(jwks.find("first"), (error: unknown) => {
      assert.ok(error instanceof ApiError);
      assert.equal(error.code, "UNAVAILABLE");
      assert.equal(error.retryAfterSeconds, 5);
      return true;
    });
    endpoint.answer = () => Response.json({ keys: [KEY.publicJwk] });
    assert.ok(await jwks.find("first"), "recovers at the next request");
  });

  Deno.test(`a known set outlives an endpoint that ${name} for 24 hours`, async () => {
    const { endpoint, jwks } = makeEndpoint();
    await jwks.find("first");
    endpoint.answer = failure;
    endpoint.now = NOW + 24 * 3600 - 1;
    assert.ok(await jwks.find("first"));
    endpoint.now = NOW + 24 * 3600;
    await assert.rejects(jwks.find("first"), { code: "UNAVAILABLE" });
    endpoint.answer = () => Response.json({ keys: [KEY.publicJwk] });
    assert.ok(await jwks.find("first"), "recovers at the next request");
  });

  Deno.test(`an endpoint that ${name} is not ready`, async () => {
    const { endpoint, jwks } = makeEndpoint();
    assert.equal(await jwks.isReachable(), true);
    endpoint.answer = failure;
    assert.equal(await jwks.isReachable(), false);
  });
}

Deno.test("a failing endpoint is asked again every 30 seconds while the old set serves", async () => {
  const { endpoint, jwks } = makeEndpoint();
  await jwks.find("first");
  endpoint.answer = broken;
  endpoint.now = NOW + 700;
  for (let request = 0; request < 20; request++) await jwks.find("first");
  assert.equal(endpoint.fetches, 2);
  endpoint.now = NOW + 730;
  await jwks.find("first");
  assert.equal(endpoint.fetches, 3);
});

Deno.test("a fetch gives up after two seconds", async () => {
  let signal: AbortSignal | undefined;
  const jwks = new Jwks({
    url: "https://project.test/jwks",
    fetch: (_, init) => {
      signal = (init as { signal?: AbortSignal }).signal;
      return new Promise((_, reject) => signal!.addEventListener("abort", () => reject(signal!.reason)));
    },
  });
  const started = performance.now();
  await assert.rejects(jwks.find("first"), { code: "UNAVAILABLE" });
  const waited = performance.now() - started;
  assert.ok(signal?.aborted);
  assert.ok(
    waited >= JWKS_TIMEOUT_MILLISECONDS - 50 && waited < 2 * JWKS_TIMEOUT_MILLISECONDS,
    `${waited} ms`,
  );
});

Deno.test("an inline set serves until the endpoint has answered once", async () => {
  let answer: () => Response | Promise<Response> = broken;
  let now = NOW;
  const jwks = new Jwks({
    url: "https://project.test/jwks",
    inline: { keys: [KEY.publicJwk] },
    now: () => now,
    fetch: () => Promise.resolve().then(() => answer()),
  });
  assert.ok(await jwks.find("first"));
  answer = () => Response.json({ keys: [NEXT.publicJwk] });
  now = NOW + 60;
  assert.equal(await jwks.find("first"), undefined);
  assert.ok(await jwks.find("next"));
});

const PASSED_OVER: [string, unknown][] = [
  ["null", null],
  ["a text", "first"],
  ["a symmetric key", { kty: "oct", kid: "first", k: "c2VjcmV0" }],
  ["an RSA key", { kty: "RSA", kid: "first", n: "AQAB", e: "AQAB" }],
  ["a key of another curve", { ...KEY.publicJwk, crv: "P-384" }],
  ["a key for another algorithm", { ...KEY.publicJwk, alg: "ES384" }],
  ["an encryption key", { ...KEY.publicJwk, use: "enc" }],
  ["a key that may only sign", { ...KEY.publicJwk, key_ops: ["sign"] }],
  ["a key without a kid", { ...KEY.publicJwk, kid: undefined }],
];

for (const [name, jwk] of PASSED_OVER) {
  Deno.test(`${name} in the set verifies nothing, and the others do`, async () => {
    const { endpoint, jwks } = makeEndpoint();
    endpoint.answer = () => Response.json({ keys: [jwk, NEXT.publicJwk] });
    assert.equal(await jwks.find("first"), undefined);
    assert.ok(await jwks.find("next"));
  });
}

/** Guarantee: an issuer's keys are cached, rotated with it, asked for sparingly, and its outage is 503, never a refusal. */
import assert from "node:assert/strict";
import { fetchForeignJson, MAX_FOREIGN_BYTES } from "../../shared/outbound/foreign_fetch.ts";
import { OidcIssuers } from "../../shared/auth/oidc_issuers.ts";
import { isPublicAddress } from "../../shared/outbound/public_address.ts";
import { readEnv } from "../../shared/config/env.ts";
import { startKeyless } from "./keyless_stack.ts";
import { startIssuer } from "./oidc_issuer.ts";

const { cast, issuer, exchange, trust } = await startKeyless({
  rateLimits: true,
  variables: { RATE_LIMIT_TOKEN_EXCHANGES_PER_MINUTE: "20" },
});

Deno.test("down and unknown is 503 with Retry-After; once known, an outage is not noticed", async () => {
  await trust();
  issuer.isUp = false;
  const down = await exchange(await issuer.token());
  assert.deepEqual([down.status, down.body.code], [503, "UNAVAILABLE"]);
  assert.ok(Number(down.headers.get("retry-after")) > 0);
  issuer.isUp = true;
  issuer.named = "https://somebody.else";
  assert.equal((await exchange(await issuer.token())).status, 503);
  issuer.named = issuer.url;
  const answers = await Promise.all([1, 2, 3].map(async () => await exchange(await issuer.token())));
  assert.deepEqual(answers.map(({ status }) => status), [200, 200, 200]);
  assert.equal(issuer.fetches, 1);
  issuer.isUp = false;
  assert.equal((await exchange(await issuer.token())).status, 200);
  issuer.isUp = true;
});

Deno.test("keys rotated in the middle are found by one more fetch; unknown ones cost no second", async () => {
  const before = issuer.fetches;
  const old = await issuer.token();
  await issuer.rotate();
  assert.equal((await exchange(await issuer.token())).status, 200);
  assert.equal((await exchange(old)).status, 400);
  for (let time = 0; time < 3; time++) {
    const unknown = await exchange(await issuer.token({}, { header: { kid: `unknown-${time}` } }));
    assert.equal(unknown.status, 400);
  }
  assert.equal(issuer.fetches, before + 1);
});

Deno.test("an issuer that nobody trusts is never asked", async () => {
  const other = await startIssuer();
  assert.equal((await exchange(await other.token())).status, 400);
  assert.equal(other.fetches, 0);
  await other.close();
});

Deno.test("too many exchanges from one address wait", async () => {
  let last = await exchange("x.y.z", { audience: "1" });
  const token = await issuer.token({ sub: undefined });
  for (let time = 0; time < 20 && last.status !== 429; time++) last = await exchange(token);
  assert.deepEqual([last.status, last.body.code], [429, "RATE_LIMITED"]);
  assert.ok(Number(last.headers.get("retry-after")) > 0);
});

Deno.test("which addresses are public", () => {
  const inside = [
    "127.0.0.1",
    "10.1.2.3",
    "172.31.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "198.18.0.1",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "fd12::1",
    "ff02::1",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
    "64:ff9b::a00:1",
    "2002:a00:1::",
    "2001:db8::1",
    "::7f00:1",
    "not one",
    "",
  ];
  for (const address of inside) assert.equal(isPublicAddress(address), false, address);
  for (const address of ["140.82.121.4", "8.8.8.8", "2606:4700::1111", "172.32.0.1", "100.128.0.1"]) {
    assert.equal(isPublicAddress(address), true, address);
  }
});

Deno.test("a foreign server is asked over https, at a public address, without redirects, for a little", async () => {
  const answer = (response: Response, addresses = ["140.82.121.4"]) => ({
    localOrigins: [],
    resolve: () => Promise.resolve(addresses),
    fetch: () => Promise.resolve(response),
  });
  const ask = (url: string, options: Parameters<typeof fetchForeignJson>[2]) =>
    fetchForeignJson(new URL(url), AbortSignal.timeout(2000), options);
  const good = () => Response.json({ keys: [] });
  assert.deepEqual(await ask("https://issuer.example/keys", answer(good())), { keys: [] });
  const rows: [string, Parameters<typeof fetchForeignJson>[2], RegExp][] = [
    ["http://issuer.example/keys", answer(good()), /without encryption/],
    ["http://127.0.0.1:9/keys", answer(good()), /without encryption/],
    ["https://127.0.0.1/keys", answer(good()), /is an address/],
    ["https://[::1]/keys", answer(good()), /is an address/],
    ["https://2130706433/keys", answer(good()), /is an address/],
    ["https://a:b@issuer.example/keys", answer(good()), /password/],
    ["https://issuer.example/keys", answer(good(), ["10.0.0.1"]), /not public/],
    ["https://issuer.example/keys", answer(good(), ["140.82.121.4", "fe80::1"]), /not public/],
    ["https://issuer.example/keys", answer(good(), ["169.254.169.254"]), /not public/],
    ["https://issuer.example/keys", answer(good(), []), /no address/],
    ["https://issuer.example/keys", answer(new Response(null, { status: 302 })), /answered 302/],
    ["https://issuer.example/keys", answer(new Response(`"${"x".repeat(MAX_FOREIGN_BYTES)}"`)), /more than/],
    ["https://issuer.example/keys", answer(new Response("<html>")), /JSON/],
  ];
  for (const [url, options, words] of rows) await assert.rejects(ask(url, options), words, url);
});

Deno.test("without a resolver, known providers are asked by their names, and nobody else is", async () => {
  const asked: string[] = [];
  const options = {
    localOrigins: [],
    resolve: () => Promise.reject(new TypeError("Deno.resolveDns is not a function")),
    fetch: (url: string | URL | Request) => {
      asked.push(String(url));
      return Promise.resolve(Response.json({ keys: [] }));
    },
  };
  const ask = (url: string) => fetchForeignJson(new URL(url), AbortSignal.timeout(2000), options);
  const known = "https://token.actions.githubusercontent.com/.well-known/jwks";
  assert.deepEqual(await ask(known), { keys: [] });
  for (const url of ["https://issuer.example/keys", "https://gitlab.com.example/keys"]) {
    await assert.rejects(ask(url), /can't be resolved/);
  }
  await assert.rejects(ask("http://gitlab.com/keys"), /without encryption/);
  assert.deepEqual(asked, [known]);
});

Deno.test("weak, foreign and private keys of a set are passed over", async () => {
  const { publicKey } = await crypto.subtle.generateKey(
    {
      name: "RSASSA-PKCS1-v1_5",
      modulusLength: 1024,
      publicExponent: new Uint8Array([1, 0, 1]),
      hash: "SHA-256",
    },
    true,
    ["sign", "verify"],
  ) as CryptoKeyPair;
  const weak = { ...await crypto.subtle.exportKey("jwk", publicKey), kid: "weak", key_ops: undefined };
  const strong = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, [
    "sign",
    "verify",
  ]);
  const good = { ...await crypto.subtle.exportKey("jwk", strong.publicKey), kid: "good", key_ops: undefined };
  const sets: Record<string, unknown> = {
    "https://issuer.example/.well-known/openid-configuration": {
      issuer: "https://issuer.example",
      jwks_uri: "https://issuer.example/keys",
    },
    "https://issuer.example/keys": {
      keys: [good, null, 7, weak, { kty: "oct", k: "AAAA", kid: "secret" }, {
        ...weak,
        use: "enc",
        kid: "enc",
      }],
    },
  };
  const issuers = new OidcIssuers({
    localOrigins: [],
    resolve: () => Promise.resolve(["140.82.121.4"]),
    fetch: (url) => Promise.resolve(Response.json(sets[String(url)])),
  });
  assert.ok(await issuers.find("https://issuer.example", "good"), "the others spoil nothing");
  for (const kid of ["weak", "secret", "enc"]) {
    assert.equal(await issuers.find("https://issuer.example", kid), undefined, kid);
  }
});

Deno.test("a local issuer is for a local stack: a hosted project's environment with one is refused", () => {
  const variables = (url: string) => ({
    SUPABASE_URL: url,
    SUPABASE_ANON_KEY: "a",
    SUPABASE_SERVICE_ROLE_KEY: "b",
    KEY_SIGNING_JWK: JSON.stringify(cast.stack.signingKey),
    API_KEY_PEPPER: "x".repeat(32),
    LOCAL_OIDC_ORIGINS: "http://127.0.0.1:9",
  });
  assert.deepEqual(readEnv(variables("http://127.0.0.1:54321")).localOidcOrigins, ["http://127.0.0.1:9"]);
  assert.throws(
    () => readEnv(variables("https://abc.supabase.co")),
    /LOCAL_OIDC_ORIGINS is for a stack on one's own/,
  );
});

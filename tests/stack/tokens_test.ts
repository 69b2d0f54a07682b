/** Only tokens of the project itself are taken, by Auth and the Data API alike; keys alone are not people. */
import assert from "node:assert/strict";
import { decodeJwt, importJWK, type JWTPayload, SignJWT } from "jose";
import { makeSigningJwk, type PrivateJwk, readSigningKeys } from "../../dev/auth/signing_keys.ts";
import type { Stack } from "../../dev/stack.ts";
import { runStack, signedIn, tokenOf } from "./running_stack.ts";

Deno.test("tokens at the local stack's gateway", async (t) => {
  await using stack = await runStack();
  await stack.database.query("create function public.service_only() returns text stable return 'let in'");
  await stack.database.query("revoke all on function public.service_only() from public");
  await stack.database.query("grant execute on function public.service_only() to service_role");
  const token = await tokenOf(await signedIn(stack, "user@example.com"));
  const claims = decodeJwt(token);
  const otherKey = await makeSigningJwk();
  const [head, body, signature] = token.split(".") as [string, string, string];

  await t.step("the key set is public and holds no private part", async () => {
    const answer = await fetch(`${stack.url}/auth/v1/.well-known/jwks.json`);
    assert.equal(answer.status, 200);
    const { x, y, kid } = stack.signingKey;
    assert.deepEqual(await answer.json(), {
      keys: [{
        kty: "EC",
        crv: "P-256",
        x,
        y,
        kid,
        alg: "ES256",
        use: "sig",
        key_ops: ["verify"],
        ext: true,
      }],
    });
  });

  const good: Record<string, string> = {
    "its own": token,
    "HS256 with the legacy secret": await signLegacy(claims, stack.jwtSecret),
    "made with the signing key": await sign(claims, stack.signingKey),
  };
  for (const [name, good_] of Object.entries(good)) {
    await t.step(`accepted: ${name}`, async () => {
      assert.equal((await data(stack, good_)).status, 200);
      assert.equal((await person(stack, good_)).status, 200);
    });
  }

  const bad: Record<string, string> = {
    "another key": await sign(claims, otherKey),
    "another key under the project's kid": await sign(claims, { ...otherKey, kid: stack.signingKey.kid }),
    "another secret": await signLegacy(claims, "x".repeat(48)),
    "the public key as an HMAC secret": await signLegacy(claims, JSON.stringify(stack.signingKey.x)),
    "no signature": `${head}.${body}.`,
    "alg none": `${btoa('{"alg":"none"}').replaceAll("=", "")}.${body}.`,
    "changed claims": `${head}.${
      btoa(JSON.stringify({ ...claims, role: "service_role" })).replaceAll("=", "")
    }.${signature}`,
    "expired": await sign({ ...claims, exp: Math.floor(Date.now() / 1000) - 60 }, stack.signingKey),
    "nonsense": "nonsense",
  };
  for (const [name, bad_] of Object.entries(bad)) {
    await t.step(`refused: ${name}`, async () => {
      const atData = await data(stack, bad_);
      assert.equal(atData.status, 401);
      assert.match(atData.headers.get("www-authenticate") ?? "", /^Bearer error="invalid_token"/);
      assert.equal((await atData.json()).code, name === "expired" ? "PGRST303" : "PGRST301");
      const atAuth = await person(stack, bad_);
      assert.equal(atAuth.status, 403);
      const { error_code, msg } = await atAuth.json();
      assert.equal(error_code, "bad_jwt");
      assert.equal(msg.includes("expired"), name === "expired");
    });
  }

  await t.step("a role that Postgres does not know is refused, not taken for anonymous", async () => {
    const answer = await data(stack, await sign({ ...claims, role: "postgres" }, stack.signingKey));
    assert.equal(answer.status, 401);
    assert.equal((await answer.json()).code, "22023");
  });

  await t.step("the Data API takes a signed-out token until it expires; Auth does not", async () => {
    const client = await signedIn(stack, "user@example.com");
    const dead = await tokenOf(client);
    await client.auth.signOut({ scope: "local" });
    const answer = await data(stack, dead);
    // The role is taken on as on a hosted project; that nothing is seen is the policies' doing.
    assert.equal(answer.status, 200);
    assert.deepEqual(await answer.json(), []);
    const atAuth = await person(stack, dead);
    assert.equal((await atAuth.json()).error_code, "session_not_found");
  });

  const keys: [string, Record<string, string>, number][] = [
    ["no key", {}, 401],
    ["a wrong key", { apikey: "sb_publishable_wrong" }, 401],
    ["a token in the key's place", { apikey: token }, 401],
    ["the publishable key, twice", {
      apikey: stack.publishableKey,
      authorization: `Bearer ${stack.publishableKey}`,
    }, 401],
    ["the secret key, twice", { apikey: stack.secretKey, authorization: `Bearer ${stack.secretKey}` }, 200],
    ["the secret key", { apikey: stack.secretKey }, 200],
    ["the secret key in a browser", { apikey: stack.secretKey, "user-agent": "Mozilla/5.0" }, 401],
    [
      "a legacy service_role key",
      { apikey: await signLegacy({ role: "service_role" }, stack.jwtSecret) },
      200,
    ],
    ["a legacy anon key", { apikey: await signLegacy({ role: "anon" }, stack.jwtSecret) }, 401],
    [
      "a forged service_role key",
      { apikey: await signLegacy({ role: "service_role" }, "x".repeat(48)) },
      401,
    ],
  ];
  for (const [name, headers, status] of keys) {
    await t.step(`the Data API with ${name}: ${status}`, async () => {
      const answer = await fetch(`${stack.url}/rest/v1/rpc/service_only`, { headers });
      assert.equal(answer.status, status, await answer.text());
    });
  }
});

Deno.test("keys of a file sign and verify; a broken file is refused by name", async (t) => {
  const folder = await Deno.makeTempDir();
  const file = `${folder}/keys.json`;
  try {
    await t.step("the first signs, all are published, and what a gone key signed is refused", async () => {
      const [first, second] = [await makeSigningJwk(), await makeSigningJwk()];
      await Deno.writeTextFile(file, JSON.stringify([first, second]));
      await using stack = await runStack({ signingKeysFile: file });
      const { keys } = await (await fetch(`${stack.url}/auth/v1/.well-known/jwks.json`)).json();
      assert.deepEqual(keys.map((key: { kid: string }) => key.kid), [first.kid, second.kid]);
      const token = await tokenOf(await signedIn(stack, "user@example.com"));
      assert.equal(JSON.parse(atob(token.split(".")[0]!)).kid, first.kid);
      assert.equal((await data(stack, await sign(decodeJwt(token), second))).status, 200);
      assert.equal((await data(stack, await sign(decodeJwt(token), await makeSigningJwk()))).status, 401);
    });

    const faults: [string, string | undefined, RegExp][] = [
      ["no such file", undefined, /can't be read from .*: there is no such file/],
      ["not JSON", "{", /it is not JSON/],
      ["an empty list", "[]", /holds no signing key/],
      [
        "a public key",
        JSON.stringify({ ...await makeSigningJwk(), d: undefined }),
        /only hold private ES256 keys/,
      ],
      ["an HMAC key", JSON.stringify({ kty: "oct", k: "c2VjcmV0" }), /only hold private ES256 keys/],
    ];
    for (const [name, content, words] of faults) {
      await t.step(name, async () => {
        await Deno.remove(file).catch(() => {});
        if (content !== undefined) await Deno.writeTextFile(file, content);
        await assert.rejects(readSigningKeys(file), { name: "StackError", message: words });
      });
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

async function sign(claims: JWTPayload, key: PrivateJwk): Promise<string> {
  return await new SignJWT(claims).setProtectedHeader({ alg: "ES256", kid: key.kid, typ: "JWT" })
    .sign(await importJWK(key, "ES256"));
}

async function signLegacy(claims: JWTPayload, secret: string): Promise<string> {
  return await new SignJWT(claims).setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .sign(new TextEncoder().encode(secret));
}

function data(stack: Stack, token: string): Promise<Response> {
  return fetch(`${stack.url}/rest/v1/profiles?select=id`, {
    headers: { apikey: stack.publishableKey, authorization: `Bearer ${token}` },
  });
}

function person(stack: Stack, token: string): Promise<Response> {
  return fetch(`${stack.url}/auth/v1/user`, {
    headers: { apikey: stack.publishableKey, authorization: `Bearer ${token}` },
  });
}

/** Guarantee: a token that is malformed is refused by its form alone, whatever a crypto library would say. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { parseToken } from "../../shared/auth/token_grammar.ts";
import { encode, goodClaims, makeSigningKey, signEs256, signHs256 } from "./signing.ts";

const KEY = makeSigningKey("current");
const good = signEs256(KEY, goodClaims());
const [header, payload, signature] = good.split(".") as [string, string, string];

Deno.test("a good token comes apart", () => {
  assert.deepEqual(parseToken(good), { algorithm: "ES256", kid: "current", claims: goodClaims() });
  assert.deepEqual(parseToken(signHs256("secret", goodClaims())), {
    algorithm: "HS256",
    kid: undefined,
    claims: goodClaims(),
  });
  const withKid = signHs256("secret", goodClaims(), { alg: "HS256", typ: "JWT", kid: "legacy" });
  assert.deepEqual(parseToken(withKid), { algorithm: "HS256", kid: "legacy", claims: goodClaims() });
});

const MALFORMED: [string, string][] = [
  ["nothing", ""],
  ["two segments", `${header}.${payload}`],
  ["four segments", `${good}.${signature}`],
  ["an empty segment", `${header}..${signature}`],
  ["an empty signature", `${header}.${payload}.`],
  ["padding", `${header}.${payload}.${signature}==`],
  ["white space", `${header}.${payload}.${signature} `],
  ["a character outside the alphabet", `${header}.${payload}.${signature.slice(0, -2)}+/`],
  ["a non-ASCII character", `${header}.${payload}.é${signature.slice(1)}`],
  [
    "claims that are not UTF-8",
    `${header}.${Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]).toString("base64url")}.${signature}`,
  ],
  ...["null", "[]", "[{}]", '"claims"', "1"].flatMap((json): [string, string][] => [
    [`${json} for a header`, `${encode(json)}.${payload}.${signature}`],
    [`${json} for claims`, `${header}.${encode(json)}.${signature}`],
  ]),
  ["claims with a byte order mark", `${header}.${encode("\ufeff{}")}.${signature}`],
];

for (const [name, token] of MALFORMED) {
  Deno.test(`${name} is no token`, () => assert.equal(parseToken(token), undefined));
}

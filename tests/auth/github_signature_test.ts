/** GitHub's DER signatures become WebCrypto's form exactly, and nothing but strict DER is taken for one. */
import assert from "node:assert/strict";
import { createSign, generateKeyPairSync } from "node:crypto";
import { Buffer } from "node:buffer";
import {
  importGithubKeys,
  isSignedByGithub,
  toP1363,
} from "../../supabase/functions/credentials/github_signature.ts";
import { Jwks } from "../../shared/auth/jwks.ts";

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });

Deno.test("300 signatures of all lengths are the same numbers in both forms", () => {
  for (let index = 0; index < 300; index++) {
    const sign = (dsaEncoding: "der" | "ieee-p1363") =>
      createSign("SHA256").update(`message ${index}`).sign({ key: privateKey, dsaEncoding });
    const der = sign("der");
    const converted = toP1363(der.toString("base64"))!;
    // Signatures are random: take the numbers out of this one the long way.
    const r = der.subarray(4, 4 + der[3]!);
    const s = der.subarray(6 + der[3]!);
    const padded = (bytes: Uint8Array) =>
      Buffer.from(bytes).toString("hex").replace(/^00/, "").padStart(64, "0");
    assert.equal(Buffer.from(converted).toString("hex"), padded(r) + padded(s));
  }
});

Deno.test("anything but a strict sequence of two positive integers is none", () => {
  const good = "3006020101020101";
  const rows: [string, string][] = [
    ["empty", ""],
    ["another tag", "31060201010201 01".replace(" ", "")],
    ["a wrong length", "3007020101020101"],
    ["a byte more", good + "00"],
    ["cut short", good.slice(0, -2)],
    ["a negative number", "3006020181020101"],
    ["a zero too many", "300702020001020101"],
    ["no number", "30050200020101"],
    ["zero", "3006020100020101"],
    ["a number of 33 bytes", "302602" + "21" + "01".repeat(33) + "020101"],
    ["three numbers", "3009020101020101020101"],
    ["a long-form length", "308106020101020101"],
  ];
  assert.ok(toP1363(Buffer.from(good, "hex").toString("base64")));
  for (const [name, hex] of rows) {
    assert.equal(toP1363(Buffer.from(hex, "hex").toString("base64")), undefined, name);
  }
  assert.equal(toP1363("not base64!"), undefined);
});

Deno.test("a signature holds for its bytes and its key alone", async () => {
  const pem = publicKey.export({ type: "spki", format: "pem" });
  const keys = new Jwks({
    url: "https://keys.example",
    importKeys: importGithubKeys,
    fetch: () => Promise.resolve(Response.json({ public_keys: [{ key_identifier: "k", key: pem }] })),
  });
  const body = new TextEncoder().encode('[{"token":"x"}]');
  const signature = createSign("SHA256").update(body).sign(privateKey, "base64");
  const check = (id: string | undefined, given: string | undefined, bytes = body) => {
    const headers = new Headers();
    if (id) headers.set("github-public-key-identifier", id);
    if (given) headers.set("github-public-key-signature", given);
    return isSignedByGithub(headers, bytes, keys);
  };
  assert.equal(await check("k", signature), true);
  assert.equal(await check("other", signature), false);
  assert.equal(await check(undefined, signature), false);
  assert.equal(await check("k", undefined), false);
  assert.equal(await check("k", signature, new TextEncoder().encode('[{"token":"y"}]')), false);
});

Deno.test("what is no list of keys is refused, what is no key in it passed over", async () => {
  await assert.rejects(importGithubKeys({ keys: [] }), TypeError);
  await assert.rejects(importGithubKeys(null), TypeError);
  assert.equal(
    (await importGithubKeys({ public_keys: [{ key_identifier: "k", key: "junk" }, {}, null] })).size,
    0,
  );
});

/** Guarantee: keys are drawn with 256 bits, recognised by their checksum, and stored only as a peppered HMAC. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { hashApiKey, hashWithLivePeppers } from "../../shared/auth/api_key_hash.ts";
import { drawApiKey, drawBase62, parseApiKey } from "../../shared/auth/api_key.ts";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

for (const environment of ["live", "test"] as const) {
  Deno.test(`a drawn ${environment} key has the documented form and parses back`, () => {
    const key = drawApiKey(environment);
    assert.match(key.text, new RegExp(`^ia_${environment}_[0-9A-Za-z]{10}_[0-9A-Za-z]{49}$`));
    assert.equal(key.text.slice(0, key.prefix.length), key.prefix);
    assert.deepEqual(parseApiKey(key.text), key);
  });
}

Deno.test("the checksum is the CRC-32 of all before it, in six base62 digits", () => {
  const body = `ia_live_0123456789_${"A".repeat(43)}`;
  let crc = crc32Bitwise(body);
  let digits = "";
  for (let place = 0; place < 6; place++, crc = Math.floor(crc / 62)) digits = ALPHABET[crc % 62] + digits;
  assert.ok(parseApiKey(body + digits));
});

Deno.test("every single changed character is noticed", () => {
  const { text } = drawApiKey("live");
  for (let place = 0; place < text.length; place++) {
    const other = text[place] === "x" ? "y" : "x";
    assert.equal(
      parseApiKey(text.slice(0, place) + other + text.slice(place + 1)),
      undefined,
      `place ${place}`,
    );
  }
});

for (
  const junk of ["", "ia_", "ia_live_", " ia_live_", "IA_LIVE_0123456789_" + "A".repeat(49), "é".repeat(68)]
) {
  Deno.test(`"${junk.slice(0, 20)}" is no key`, () => assert.equal(parseApiKey(junk), undefined));
}

Deno.test("a key with something after it is no key", () => {
  assert.equal(parseApiKey(drawApiKey("live").text + "\n"), undefined);
});

Deno.test("10,000 draws are all different and use each character about equally often", () => {
  const seen = new Set<string>();
  const counts = new Map<string, number>();
  for (let draw = 0; draw < 10_000; draw++) {
    const text = drawBase62(43);
    seen.add(text);
    for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  assert.equal(seen.size, 10_000);
  assert.equal(counts.size, 62);
  // 430,000 draws over 62 characters: 6,935 each, standard deviation 83. A `% 62` over 256 values would give
  // the first eight characters 8,398.
  for (const [character, count] of counts) assert.ok(Math.abs(count - 6935) < 600, `${character}: ${count}`);
});

Deno.test("the hash is HMAC-SHA-256 of the whole key under the pepper", () => {
  const expected = createHmac("sha256", "pepper-one").update("the key").digest("hex");
  assert.equal(hashApiKey("the key", "pepper-one"), expected);
  assert.notEqual(hashApiKey("the key", "pepper-two"), expected);
});

Deno.test("during a rotation a key is hashed under both peppers, each by its version", () => {
  assert.deepEqual(hashWithLivePeppers("k", { version: 3, current: "new", previous: "old" }), {
    "3": hashApiKey("k", "new"),
    "2": hashApiKey("k", "old"),
  });
  assert.deepEqual(hashWithLivePeppers("k", { version: 3, current: "new" }), { "3": hashApiKey("k", "new") });
});

/** CRC-32 (ISO 3309) bit by bit, as a second opinion. */
function crc32Bitwise(text: string): number {
  let crc = 0xffffffff;
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** Recovery codes: ten at a time, each good once, kept only as their digest. */
import { createHash, randomBytes } from "node:crypto";

/** Crockford's base 32: nothing in it looks like something else in it. */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const LENGTH = 16;

/** Draws a code of 80 random bits, as it is shown: `7x2k-9mqd-t4wb-0c8r`. */
export function drawRecoveryCode(): string {
  const letters = [...randomBytes(LENGTH)].map((byte) => ALPHABET[byte & 31]).join("");
  return letters.match(/.{4}/g)!.join("-");
}

/**
 * SHA-256 of a code without its dashes: all of it that the database sees. No slow hash: it has 80 random bits.
 * @returns lower-case hex, 64 characters
 */
export function digestRecoveryCode(code: string): string {
  return createHash("sha256").update(code.replaceAll("-", "").toLowerCase()).digest("hex");
}

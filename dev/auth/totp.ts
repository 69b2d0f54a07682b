/** Time-based one-time passwords as authenticator apps make them: SHA-1, six digits, thirty seconds (RFC 6238). */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

export const TOTP_STEP_SECONDS = 30;
const DIGITS = 6;
/** RFC 4648 §6. */
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Draws a secret of 160 bits (RFC 4226 §4), in base32 without padding. */
export function drawTotpSecret(): string {
  return [...randomBytes(32)].map((byte) => ALPHABET[byte & 31]).join("");
}

/**
 * The code of one step (RFC 4226 §5.3).
 * @param secret base32
 * @param step whole steps of thirty seconds since 1970
 * @returns six digits
 */
export function totpCode(secret: string, step: number): string {
  const counter = new Uint8Array(8);
  new DataView(counter.buffer).setBigUint64(0, BigInt(step));
  const digest = createHmac("sha1", fromBase32(secret)).update(counter).digest();
  const number = digest.readUInt32BE(digest.at(-1)! & 15) & 0x7fffffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, "0");
}

/**
 * Which step a code belongs to: this one, or a neighbour of it, for clocks differ (RFC 6238 §5.2).
 * @param seconds since 1970
 * @returns the step, or `undefined` for a wrong or older code
 */
export function stepOfCode(secret: string, code: string, seconds: number): number | undefined {
  const now = Math.floor(seconds / TOTP_STEP_SECONDS);
  const given = new TextEncoder().encode(code);
  return [now, now - 1, now + 1].find((step) => {
    const right = new TextEncoder().encode(totpCode(secret, step));
    return given.length === right.length && timingSafeEqual(given, right);
  });
}

/** What an authenticator app reads from a QR code (Key URI Format). */
export function totpUri(secret: string, issuer: string, account: string): string {
  const query = new URLSearchParams({
    algorithm: "SHA1",
    digits: String(DIGITS),
    issuer,
    period: String(TOTP_STEP_SECONDS),
    secret,
  });
  return `otpauth://totp/${encodeURIComponent(issuer)}:${encodeURIComponent(account)}?${query}`;
}

function fromBase32(text: string): Uint8Array {
  let bits = 0;
  let value = 0;
  const bytes: number[] = [];
  for (const letter of text.toUpperCase().replace(/=+$/, "")) {
    value = (value << 5 | ALPHABET.indexOf(letter)) & 0xfff;
    bits += 5;
    if (bits >= 8) bytes.push(value >> (bits -= 8) & 0xff);
  }
  return new Uint8Array(bytes);
}

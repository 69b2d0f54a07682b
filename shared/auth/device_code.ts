/** The two codes of a device login (RFC 8628 §3.2): a long secret for the command, a short code for people. */
import { createHash, randomInt } from "node:crypto";
import { USER_CODE_ALPHABET } from "../contracts/device_login.ts";
import { drawBase62 } from "./api_key.ts";

/** 43 base62 characters carry 256 bits. */
const SECRET_LENGTH = 43;
const GRAMMAR = new RegExp(`^ia_device_[0-9A-Za-z]{${SECRET_LENGTH}}$`);

/** Draws a device code; a secret. */
export function drawDeviceCode(): string {
  return `ia_device_${drawBase62(SECRET_LENGTH)}`;
}

/** True when the text can be one: junk costs no query. */
export function isDeviceCode(text: string): boolean {
  return GRAMMAR.test(text);
}

/** Draws a user code of eight letters without look-alikes, 34 bits: `WDJB-MJHT`. */
export function drawUserCode(): string {
  const letters = Array.from({ length: 8 }, () => USER_CODE_ALPHABET[randomInt(USER_CODE_ALPHABET.length)]);
  return `${letters.slice(0, 4).join("")}-${letters.slice(4).join("")}`;
}

/**
 * SHA-256 of either code: all of it that the database sees.
 * @returns lower-case hex, 64 characters; the same with and without the dash
 */
export function digestDeviceCode(code: string): string {
  return createHash("sha256").update(code.replace("-", "")).digest("hex");
}

/** The text form of an API key: `ia_live_<public id>_<secret><checksum>`, and how one is drawn. */
import { crc32 } from "node:zlib";
import { randomBytes } from "node:crypto";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const PUBLIC_ID_LENGTH = 10;
/** 43 base62 characters carry 256 bits. */
const SECRET_LENGTH = 43;
const CHECKSUM_LENGTH = 6;

const GRAMMAR = new RegExp(
  `^(ia_(?:live|test)_[0-9A-Za-z]{${PUBLIC_ID_LENGTH}})_[0-9A-Za-z]{${SECRET_LENGTH}}([0-9A-Za-z]{${CHECKSUM_LENGTH}})$`,
);

export interface ParsedApiKey {
  /** The whole key; a secret. */
  readonly text: string;
  /** `ia_live_<public id>`: may be shown and logged. */
  readonly prefix: string;
}

/**
 * Reads a key and checks its checksum, so that junk and typing errors cost no query.
 * @returns the key's parts, or `undefined` when the text can't be a key
 */
export function parseApiKey(text: string): ParsedApiKey | undefined {
  const match = GRAMMAR.exec(text);
  if (!match) return undefined;
  const body = text.slice(0, -CHECKSUM_LENGTH);
  return checksum(body) === match[2] ? { text, prefix: match[1]! } : undefined;
}

/**
 * Draws a new key from the system's random source (secret: 256 bits).
 * @param environment the word after `ia_`
 */
export function drawApiKey(environment: "live" | "test"): ParsedApiKey {
  const prefix = `ia_${environment}_${drawBase62(PUBLIC_ID_LENGTH)}`;
  const body = `${prefix}_${drawBase62(SECRET_LENGTH)}`;
  return { text: body + checksum(body), prefix };
}

/**
 * Random base62 text, each character equally likely.
 * @param length in characters, about 5.95 bits each
 */
export function drawBase62(length: number): string {
  let text = "";
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      // 248 is the largest multiple of 62 in a byte; more would favour the first characters.
      if (byte < 248 && text.length < length) text += ALPHABET[byte % 62];
    }
  }
  return text;
}

/**
 * What stands at a key's end: the CRC-32 of all before it.
 * @returns 6 base62 characters
 */
export function checksum(body: string): string {
  // Deno 2.1, which hosted functions run on, gives it as a signed number.
  let rest = crc32(body) >>> 0;
  let text = "";
  for (let place = 0; place < CHECKSUM_LENGTH; place++) {
    text = ALPHABET[rest % 62] + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}

/** Keyed hashes that stand for sensitive values: a change shows, the value does not. */
import { createHmac } from "node:crypto";

/** Hashes a text to a short printable token; equal texts in equal contexts give equal tokens. */
export type KeyedHash = (context: string, text: string) => string;

export const MASK_PREFIX = "sensitive:hmac-sha256:";

/**
 * Makes a keyed hash: HMAC-SHA-256 (RFC 2104) over the context and the text, cut to 128 bits.
 * The context (resource and field) keeps equal secrets of two resources from looking equal.
 * Synchronous, because WebCrypto's calls cost more than the hashing when a state has thousands of secrets.
 * @param key at least 16 bytes, secret, and one per organization where organizations must not be comparable
 * @throws RangeError when the key is shorter
 */
export function createKeyedHash(key: Uint8Array): KeyedHash {
  if (key.byteLength < 16) throw new RangeError("a keyed hash needs a key of at least 16 bytes");
  return (context, text) => {
    const digest = createHmac("sha256", key).update(JSON.stringify([context, text])).digest("hex");
    return MASK_PREFIX + digest.slice(0, 32);
  };
}

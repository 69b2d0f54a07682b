/** How keys are stored: as an HMAC with a secret pepper that the database never sees. */
import { createHmac } from "node:crypto";

export interface Pepper {
  /** The version that new hashes are made with. */
  readonly version: number;
  readonly current: string;
  /** The pepper of `version - 1`, while a rotation is under way. */
  readonly previous?: string | undefined;
}

/**
 * HMAC-SHA-256 of the whole key. No slow hash: the key has 256 random bits (OWASP ASVS 6.5.2).
 * @returns lower-case hex, 64 characters
 */
export function hashApiKey(key: string, pepper: string): string {
  return createHmac("sha256", pepper).update(key).digest("hex");
}

/**
 * The key's hash under every live pepper.
 * @returns pepper version → hex hash
 */
export function hashWithLivePeppers(key: string, pepper: Pepper): Record<string, string> {
  const hashes = { [String(pepper.version)]: hashApiKey(key, pepper.current) };
  if (pepper.previous) hashes[String(pepper.version - 1)] = hashApiKey(key, pepper.previous);
  return hashes;
}

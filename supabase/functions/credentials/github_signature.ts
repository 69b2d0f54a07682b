/** Verifies that a message comes from GitHub's secret scanning (ECDSA P-256, SHA-256 over the raw body). */
import type { Bytes } from "../../../shared/http/body.ts";
import { Buffer } from "node:buffer";
import type { Jwks, KeySet } from "../../../shared/auth/jwks.ts";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const COORDINATE_BYTES = 32;
const PEM = /^\s*-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----\s*$/;

/**
 * Imports the answer of GitHub's `meta/public_keys/secret_scanning`.
 * @param set `{public_keys: [{key_identifier, key (PEM, SPKI)}]}`; entries of another kind are passed over
 * @throws TypeError when it is no such list
 */
export async function importGithubKeys(set: unknown): Promise<KeySet> {
  const entries = (set as { public_keys?: unknown } | null)?.public_keys;
  if (!Array.isArray(entries)) throw new TypeError("not GitHub's list of public keys");
  const keys = new Map<string, CryptoKey>();
  for (const entry of entries) {
    const { key_identifier: id, key: pem } = entry ?? {};
    const match = PEM.exec(String(pem));
    if (typeof id !== "string" || !match) continue;
    const spki = Buffer.from(match[1]!, "base64");
    keys.set(id, await crypto.subtle.importKey("spki", spki, ALGORITHM, false, ["verify"]));
  }
  return keys;
}

/**
 * True when the headers `Github-Public-Key-Identifier` and `-Signature` prove the body to be GitHub's.
 * @param body the bytes as they came: parsed and written again they would be others
 * @throws ApiError UNAVAILABLE when GitHub's keys are not known and can't be fetched
 */
export async function isSignedByGithub(
  headers: Headers,
  body: Bytes,
  keys: Jwks,
): Promise<boolean> {
  const id = headers.get("github-public-key-identifier");
  const signature = toP1363(headers.get("github-public-key-signature") ?? "");
  if (!id || !signature) return false;
  const key = await keys.find(id);
  return key !== undefined && await crypto.subtle.verify(ALGORITHM, key, signature, body);
}

/**
 * An ECDSA signature in DER (X.690: a sequence of two integers), as GitHub sends it, in the form that WebCrypto
 * wants: r and s side by side (IEEE P1363).
 * @param base64 of the DER bytes
 * @returns 64 bytes, or `undefined` for what is no strict DER of two P-256 integers
 */
export function toP1363(base64: string): Bytes | undefined {
  if (!/^[A-Za-z0-9+/]{8,200}={0,2}$/.test(base64)) return undefined;
  const der = new Uint8Array(Buffer.from(base64, "base64"));
  if (der[0] !== 0x30 || der[1] !== der.length - 2) return undefined;
  const signature = new Uint8Array(2 * COORDINATE_BYTES);
  const afterR = copyInteger(der, 2, signature, 0);
  const end = afterR && copyInteger(der, afterR, signature, COORDINATE_BYTES);
  return end === der.length ? signature : undefined;
}

/** Copies a DER integer, right-aligned, and gives the offset behind it; `undefined` when it is malformed. */
function copyInteger(der: Uint8Array, at: number, target: Uint8Array, place: number): number | undefined {
  const length = der[at + 1];
  if (der[at] !== 0x02 || !length || at + 2 + length > der.length) return undefined;
  const bytes = der.subarray(at + 2, at + 2 + length);
  const hasSign = bytes[0] === 0;
  // Positive, and in the shortest form: a zero in front only where the next bit would be a sign.
  if (bytes[0]! >= 0x80 || (hasSign && (length === 1 || bytes[1]! < 0x80))) return undefined;
  const magnitude = hasSign ? bytes.subarray(1) : bytes;
  if (magnitude.length > COORDINATE_BYTES) return undefined;
  target.set(magnitude, place + COORDINATE_BYTES - magnitude.length);
  return at + 2 + length;
}

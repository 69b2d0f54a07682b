/** Keys and tokens for the verification tests: right ones, and ones that are wrong in exactly one way. */
import { Buffer } from "node:buffer";
import { createHmac, createPrivateKey, generateKeyPairSync, type JsonWebKey, sign } from "node:crypto";

export const ISSUER = "https://project.test/auth/v1";
export const SECRET = "a-legacy-secret-of-more-than-32-bytes!";
/** 2026-11-24T00:00:00Z. */
export const NOW = 1_795_478_400;
export const USER_ID = "11111111-1111-4111-8111-111111111111";
export const SESSION_ID = "22222222-2222-4222-8222-222222222222";

export interface SigningKey {
  readonly kid: string;
  readonly publicJwk: JsonWebKey & { kid: string };
  readonly privateJwk: JsonWebKey;
}

export function makeSigningKey(kid: string): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return {
    kid,
    publicJwk: { ...publicKey.export({ format: "jwk" }), kid, alg: "ES256", use: "sig" },
    privateJwk: privateKey.export({ format: "jwk" }),
  };
}

/** The claims of a good access token at {@link NOW}. */
export function goodClaims(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    iss: ISSUER,
    sub: USER_ID,
    aud: "authenticated",
    role: "authenticated",
    exp: NOW + 3600,
    iat: NOW - 10,
    session_id: SESSION_ID,
    amr: [{ method: "password", timestamp: NOW - 10 }],
    ...changes,
  };
}

/** ES256 (RFC 7518 §3.4); header and payload may be given as raw text. */
export function signEs256(key: SigningKey, payload: object | string, header?: object | string): string {
  const input = `${encode(header ?? { alg: "ES256", kid: key.kid, typ: "JWT" })}.${encode(payload)}`;
  const privateKey = createPrivateKey({ key: key.privateJwk, format: "jwk" });
  const signature = sign("sha256", Buffer.from(input), { key: privateKey, dsaEncoding: "ieee-p1363" });
  return `${input}.${signature.toString("base64url")}`;
}

/** HS256 (RFC 7518 §3.2). */
export function signHs256(
  secret: string | Uint8Array,
  payload: object | string,
  header?: object | string,
): string {
  const input = `${encode(header ?? { alg: "HS256", typ: "JWT" })}.${encode(payload)}`;
  return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
}

export function encode(part: object | string): string {
  return Buffer.from(typeof part === "string" ? part : JSON.stringify(part)).toString("base64url");
}

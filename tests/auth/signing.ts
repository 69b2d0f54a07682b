/** Keys and tokens for the verification tests: right ones, and ones that are wrong in exactly one way. */
import { Buffer } from "node:buffer";
import { createECDH, createHmac, createPrivateKey, type JsonWebKey, sign } from "node:crypto";
import { toP1363 } from "../../supabase/functions/credentials/github_signature.ts";

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
  // Not `generateKeyPair`: the hosted Deno can't export its private keys as JWK.
  const pair = createECDH("prime256v1");
  pair.generateKeys();
  const publicKey = pair.getPublicKey();
  const [x, y] = [publicKey.subarray(1, 33), publicKey.subarray(33)].map((half) =>
    half.toString("base64url")
  );
  const point = { kty: "EC", crv: "P-256", x: x!, y: y! };
  return {
    kid,
    publicJwk: { ...point, kid, alg: "ES256", use: "sig" },
    // Leading zeros are part of it (RFC 7518 §6.2.2.1).
    privateJwk: {
      ...point,
      d: Buffer.from(pair.getPrivateKey("hex").padStart(64, "0"), "hex").toString("base64url"),
    },
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
  // The hosted Deno gives DER whatever `dsaEncoding` says.
  const der = sign("sha256", Buffer.from(input), privateKey).toString("base64");
  return `${input}.${Buffer.from(toP1363(der)!).toString("base64url")}`;
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

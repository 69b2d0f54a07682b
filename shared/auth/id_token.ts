/** OIDC id tokens of other issuers, judged as strictly as this API's own tokens are. */
import { createHash } from "node:crypto";
import { compactVerify } from "jose";
import { MAX_SKEW_SECONDS } from "./claims.ts";
import { decodeSegment, readObject } from "./token_segment.ts";

/** Longest accepted id token, in characters. */
export const MAX_ID_TOKEN_LENGTH = 8192;
/** No job's proof of who it is needs to live longer. */
const MAX_LIFE_SECONDS = 24 * 3600;

/** Algorithm → what WebCrypto calls a key for it. */
const KEY_NAMES = { RS256: "RSASSA-PKCS1-v1_5", ES256: "ECDSA", EdDSA: "Ed25519" } as const;
type Algorithm = keyof typeof KEY_NAMES;

/** `x5t` names a certificate's thumbprint; it points nowhere, and GitHub sends it. */
const HEADER_MEMBERS = new Set(["alg", "kid", "typ", "x5t"]);

export interface IdToken {
  readonly text: string;
  readonly algorithm: Algorithm;
  readonly kid: string;
  readonly issuer: string;
  readonly claims: Record<string, unknown>;
}

/**
 * Reads a compact JWS; nothing is verified yet.
 * @returns `undefined` for anything that can't be a good id token: another algorithm than RS256, ES256 and EdDSA, a
 *   header that asks to be trusted (`jku`, `jwk`, `x5c`, `crit`), no `kid`, no `iss`, a member twice
 */
export function parseIdToken(text: string): IdToken | undefined {
  if (text.length > MAX_ID_TOKEN_LENGTH) return undefined;
  const segments = text.split(".");
  if (segments.length !== 3) return undefined;
  const [head, claims, signature] = segments.map(decodeSegment);
  const header = head && readObject(head);
  const body = claims && readObject(claims);
  if (!header || !body || !signature) return undefined;
  const { alg, kid, typ } = header;
  if (!Object.keys(header).every((name) => HEADER_MEMBERS.has(name))) return undefined;
  if (typ !== undefined && typ !== "JWT") return undefined;
  if (typeof alg !== "string" || !Object.hasOwn(KEY_NAMES, alg)) return undefined;
  if (typeof kid !== "string" || kid === "" || typeof body.iss !== "string") return undefined;
  return { text, algorithm: alg as Algorithm, kid, issuer: body.iss, claims: body };
}

/** What a verified id token is exchanged by. */
export interface VerifiedIdToken {
  readonly audience: string[];
  /** Seconds since 1970. */
  readonly expiresAt: number;
  /** Lower-case hex; the same for every spelling of the same token. */
  readonly digest: string;
}

/**
 * Verifies the signature, then the times (RFC 7519 §4.1).
 * @param key the issuer's, by the token's `kid`
 * @param now seconds since 1970
 * @returns a sentence that says what is wrong, where something is
 */
export async function verifyIdToken(
  token: IdToken,
  key: CryptoKey,
  now: number,
): Promise<VerifiedIdToken | string> {
  const wrong = "The id token's signature is not valid.";
  if (key.algorithm.name !== KEY_NAMES[token.algorithm]) return wrong;
  try {
    await compactVerify(token.text, key, { algorithms: [token.algorithm] });
  } catch {
    return wrong;
  }
  const { aud, exp, iat, nbf, sub, jti } = token.claims;
  const audience = typeof aud === "string" ? [aud] : aud;
  if (!Array.isArray(audience) || !audience.every((one) => typeof one === "string")) {
    return "The id token names no audience.";
  }
  if (typeof sub !== "string" || sub === "") return "The id token names no subject.";
  if (!Number.isSafeInteger(exp) || !Number.isSafeInteger(iat) || (iat as number) >= (exp as number)) {
    return "The id token has no valid iat and exp.";
  }
  if ((exp as number) <= now) return "The id token has expired.";
  if ((exp as number) - (iat as number) > MAX_LIFE_SECONDS) {
    return "The id token's lifetime is too long.";
  }
  const isEarly = (iat as number) > now + MAX_SKEW_SECONDS ||
    (nbf !== undefined && !(typeof nbf === "number" && nbf <= now + MAX_SKEW_SECONDS));
  if (isEarly) return "The id token is not valid yet.";
  // A signature has twins; what is signed has none.
  const once = typeof jti === "string" && jti !== "" ? `jti:${token.issuer}\n${jti}` : signedPart(token.text);
  return { audience, expiresAt: exp as number, digest: createHash("sha256").update(once).digest("hex") };
}

function signedPart(text: string): string {
  return text.slice(0, text.lastIndexOf("."));
}

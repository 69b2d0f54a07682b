/** Checks and makes the access tokens of the local project, as a hosted project's Auth does. */
import { createLocalJWKSet, errors, importJWK, type JWTPayload, jwtVerify, SignJWT } from "jose";
import { type PrivateJwk, toPublicJwk } from "./signing_keys.ts";

/** Why a bearer token was refused. */
export type TokenFault = "malformed" | "signature" | "expired";

/** The tokens of one project: what it accepts and what it hands out. */
export interface Tokens {
  /** The public set, as `/auth/v1/.well-known/jwks.json` answers it. */
  readonly jwks: { keys: object[] };
  readonly issuer: string;
  /** Claims of a token signed by one of the project's keys (ES256) or its legacy secret (HS256). */
  verify(token: string): Promise<{ claims: JWTPayload } | { fault: TokenFault }>;
  /** Signs claims with the key in use. */
  sign(claims: JWTPayload): Promise<string>;
}

/**
 * @param keys private keys; the first signs, all verify
 * @param jwtSecret the legacy HS256 secret
 */
export async function createTokens(keys: PrivateJwk[], jwtSecret: string, issuer: string): Promise<Tokens> {
  const signing = keys[0];
  if (!signing) throw new TypeError("no signing key");
  const privateKey = await importJWK(signing, "ES256");
  const jwks = { keys: keys.map(toPublicJwk) };
  const byKeyId = createLocalJWKSet(jwks as Parameters<typeof createLocalJWKSet>[0]);
  const secret = new TextEncoder().encode(jwtSecret);
  return {
    jwks,
    issuer,
    verify: async (token) => {
      try {
        const { payload } = await jwtVerify(
          token,
          (header, jws) => header.alg === "HS256" ? secret : byKeyId(header, jws),
          { algorithms: ["ES256", "HS256"] },
        );
        return { claims: payload };
      } catch (error) {
        return { fault: faultOf(error) };
      }
    },
    sign: (claims) =>
      new SignJWT(claims).setProtectedHeader({ alg: "ES256", kid: signing.kid, typ: "JWT" }).sign(privateKey),
  };
}

function faultOf(error: unknown): TokenFault {
  if (error instanceof errors.JWTExpired) return "expired";
  if (
    error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JOSEAlgNotAllowed
  ) return "signature";
  return "malformed";
}

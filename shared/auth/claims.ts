/** The claims that make a verified token a credential of this API. */

export interface AccessClaims {
  /** `auth.users.id`. */
  readonly userId: string;
  /** Absent from tokens that Supabase Auth did not issue for a session. */
  readonly sessionId: string | undefined;
  /** Whole seconds since 1970. */
  readonly issuedAt: number;
  /** Whole seconds since 1970. */
  readonly expiresAt: number;
  /** What the session had proved when the token was issued (NIST SP 800-63B). */
  readonly aal: "aal1" | "aal2";
  /** When the person last proved who they are (newest `amr` entry), seconds since 1970. */
  readonly authenticatedAt: number | undefined;
}

export type ClaimsVerdict =
  | { readonly kind: "valid"; readonly claims: AccessClaims }
  | { readonly kind: "invalid" }
  | { readonly kind: "expired" };

/** Most that the issuer's clock may be ahead of ours. A token's end gets no such grace. */
export const MAX_SKEW_SECONDS = 30;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Judges the claims of a token whose signature is already verified (contract §2, RFC 7519 §4.1).
 * @param issuers the accepted `iss` values
 * @param now seconds since 1970
 * @returns `expired` only when everything else is right
 */
export function judgeClaims(
  claims: Record<string, unknown>,
  issuers: readonly string[],
  now: number,
): ClaimsVerdict {
  const { iss, aud, role, sub, exp, iat, nbf, session_id: sessionId, is_anonymous: isAnonymous } = claims;
  const isRight = typeof iss === "string" && issuers.includes(iss) &&
    (Array.isArray(aud) ? aud.includes("authenticated") : aud === "authenticated") &&
    role === "authenticated" &&
    isUuid(sub) &&
    Number.isSafeInteger(exp) &&
    Number.isSafeInteger(iat) && (iat as number) <= now + MAX_SKEW_SECONDS &&
    (iat as number) < (exp as number) &&
    (nbf === undefined || (isFiniteNumber(nbf) && nbf <= now + MAX_SKEW_SECONDS)) &&
    (sessionId === undefined || isUuid(sessionId)) &&
    // Supabase Auth's anonymous sign-ins are `authenticated` too, and prove no person.
    isAnonymous !== true &&
    // Tokens that the functions mint are for the Data API only; no one outside ever holds one.
    !("api_key_id" in claims) && !("request" in claims);
  if (!isRight) return { kind: "invalid" };
  if ((exp as number) <= now) return { kind: "expired" };
  return {
    kind: "valid",
    claims: {
      userId: sub as string,
      sessionId: sessionId as string | undefined,
      issuedAt: iat as number,
      expiresAt: exp as number,
      aal: claims.aal === "aal2" ? "aal2" : "aal1",
      authenticatedAt: newestAuthentication(claims.amr),
    },
  };
}

function isUuid(value: unknown): value is string {
  return typeof value === "string" && UUID.test(value);
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function newestAuthentication(amr: unknown): number | undefined {
  if (!Array.isArray(amr)) return undefined;
  const times = amr.map((entry) => (entry as { timestamp?: unknown } | null)?.timestamp).filter(
    isFiniteNumber,
  );
  return times.length > 0 ? Math.max(...times) : undefined;
}

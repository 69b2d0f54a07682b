/** Asks the database, on every request, whether a credential is alive, who it is and whether its limit has room. */
import { z } from "zod";
import { ApiError } from "../errors/api_error.ts";
import { unwrap } from "../db/unwrap.ts";
import type { ServiceDatabase } from "../db/client.ts";
import { hashWithLivePeppers, type Pepper } from "./api_key_hash.ts";
import type { ParsedApiKey } from "./api_key.ts";
import type { AccessClaims } from "./claims.ts";
import { Principal } from "./principal.ts";

export interface RateState {
  readonly limit: number;
  readonly remaining: number;
  readonly reset_seconds: number;
}

export interface Admission {
  readonly principal: Principal;
  /** Null where limits are off or not asked for. */
  readonly rate: RateState | null;
}

export interface AdmissionOptions {
  readonly database: ServiceDatabase;
  readonly pepper: Pepper;
  /** Null switches the limit off. */
  readonly requestsPerMinute: number | null;
  readonly failedKeysPerMinute: number | null;
}

const FAULTS = {
  session_revoked: ["SESSION_REVOKED", "Your session has ended. Sign in again."],
  api_key_invalid: ["API_KEY_INVALID", "The API key is not valid."],
  api_key_expired: ["API_KEY_EXPIRED", "The API key has expired."],
  api_key_revoked: ["API_KEY_REVOKED", "The API key has been revoked."],
  api_key_disabled: ["API_KEY_EXPIRED", "The API key is disabled because it wasn't used for 180 days."],
  address_not_allowed: ["FORBIDDEN", "The API key isn't allowed from this address."],
  ticket_invalid: ["TOKEN_INVALID", "The ticket is unknown, already used or expired."],
  mfa_challenge: ["MFA_REQUIRED", "Enter your second factor to continue."],
  mfa_enrolment: ["MFA_REQUIRED", "Your organization requires a second factor. Set one up to continue."],
  token_expired: ["TOKEN_EXPIRED", "The token behind the ticket has expired."],
} as const;

/** What a program needs beside the code. */
const DETAILS: { [Fault in keyof typeof FAULTS]?: string | Record<string, unknown> } = {
  address_not_allowed: "allowed_ips",
  mfa_challenge: { next: "challenge" },
  mfa_enrolment: { next: "enrolment" },
};

const Answer = z.object({
  fault: z.enum(["rate_limited", ...Object.keys(FAULTS) as (keyof typeof FAULTS)[]]).nullable(),
  principal: Principal.optional(),
  rate: z.object({ limit: z.int(), remaining: z.int(), reset_seconds: z.int() }).nullish(),
});

export class AdmissionDesk {
  readonly #options: AdmissionOptions;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /**
   * Admits the bearer of a verified token.
   * @param counted false leaves the rate limit alone, for a second look at a credential already counted
   * @param acceptsAal1 true where somebody may come who has yet to prove their second factor
   * @throws ApiError SESSION_REVOKED, MFA_REQUIRED, RATE_LIMITED or UNAVAILABLE
   */
  async admitSession(claims: AccessClaims, counted = true, acceptsAal1 = false): Promise<Admission> {
    // Service key: only the server may ask about other people's sessions.
    return settle(
      await this.#options.database.rpc("admit_session", {
        p_user_id: claims.userId,
        p_session_id: claims.sessionId,
        p_issued_at: new Date(claims.issuedAt * 1000).toISOString(),
        p_rate_limit: counted ? this.#options.requestsPerMinute ?? undefined : undefined,
        p_aal: claims.aal,
        p_accept_aal1: acceptsAal1,
      }),
    );
  }

  /**
   * Admits the bearer of an API key.
   * @param address the client's, for the key's allow-list and for counting wrong keys; null when unknown
   * @throws ApiError API_KEY_INVALID, API_KEY_EXPIRED, API_KEY_REVOKED, FORBIDDEN (address not allowed),
   *   RATE_LIMITED or UNAVAILABLE
   */
  async admitApiKey(key: ParsedApiKey, address: string | null, counted = true): Promise<Admission> {
    // Service key: only the server may look at key hashes.
    return settle(
      await this.#options.database.rpc("admit_api_key", {
        p_prefix: key.prefix,
        p_hashes: hashWithLivePeppers(key.text, this.#options.pepper),
        p_address: address ?? undefined,
        p_rate_limit: counted ? this.#options.requestsPerMinute ?? undefined : undefined,
        p_failure_limit: this.#options.failedKeysPerMinute ?? undefined,
      }),
    );
  }
}

/**
 * What the database answered about a credential.
 * @throws ApiError when the credential is refused
 */
export function settle(result: Parameters<typeof unwrap>[0]): Admission {
  const answer = Answer.parse(unwrap(result));
  if (answer.fault === "rate_limited") {
    const seconds = answer.rate?.reset_seconds ?? 60;
    throw new ApiError("RATE_LIMITED", `Too many requests; try again in ${seconds} seconds.`, {
      retryAfterSeconds: seconds,
      headers: answer.rate ? rateHeaders(answer.rate) : {},
    });
  }
  if (answer.fault) {
    const [code, message] = FAULTS[answer.fault];
    throw new ApiError(
      code,
      message,
      DETAILS[answer.fault] ? { details: DETAILS[answer.fault]! } : {},
    );
  }
  return { principal: answer.principal!, rate: answer.rate ?? null };
}

/** A key's answers tell its end from this long before. */
const EXPIRY_NOTICE_MILLISECONDS = 14 * 86_400_000;

/**
 * What an admitted caller is told in the headers of every answer: the state of the rate limit, and
 * `X-API-Key-Expires` (RFC 3339) when the key ends within 14 days, as one in its grace always does.
 */
export function callerHeaders({ principal, rate }: Admission): Record<string, string> {
  const end = principal.api_key_id !== null && principal.expires_at !== null &&
    new Date(principal.expires_at);
  return {
    ...(rate && rateHeaders(rate)),
    ...(end && end.getTime() - Date.now() <= EXPIRY_NOTICE_MILLISECONDS &&
      { "X-API-Key-Expires": end.toISOString() }),
  };
}

/**
 * The state of a limit as response headers: `X-RateLimit-*` (reset in seconds since 1970) and the IETF fields
 * of draft-ietf-httpapi-ratelimit-headers.
 */
export function rateHeaders(rate: RateState): Record<string, string> {
  return {
    "X-RateLimit-Limit": String(rate.limit),
    "X-RateLimit-Remaining": String(rate.remaining),
    "X-RateLimit-Reset": String(Math.floor(Date.now() / 1000) + rate.reset_seconds),
    "RateLimit-Policy": `"requests";q=${rate.limit};w=60`,
    "RateLimit": `"requests";r=${rate.remaining};t=${rate.reset_seconds}`,
  };
}

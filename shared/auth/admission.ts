/** Asks the database, on every request, whether a credential is alive, who it is and whether its limit has room. */
import { z } from "zod";
import { ApiError } from "../errors/api_error.ts";
import { unwrap } from "../db/unwrap.ts";
import type { ServiceDatabase } from "../db/client.ts";
import type { Json } from "../db/types.ts";
import { hashWithLivePeppers, type Pepper } from "./api_key_hash.ts";
import type { ParsedApiKey } from "./api_key.ts";
import type { AccessClaims } from "./claims.ts";
import { Principal } from "./principal.ts";
import { momentIn, ReadLeases } from "./read_leases.ts";

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
const Leased = z.object({
  lease: z.object({ window: z.string().optional(), granted: z.int().optional(), seconds: z.number() })
    .nullish(),
});

/** How an admission counts. */
export interface Counting {
  /** False leaves the rate limit alone, for a second look at a credential already counted. */
  readonly counted?: boolean;
  /** True where somebody may come who has yet to prove their second factor. */
  readonly acceptsAal1?: boolean;
  /** Names the credential where requests may be taken ahead for it. */
  readonly leaseId?: string | undefined;
}

export class AdmissionDesk {
  readonly #options: AdmissionOptions;
  readonly leases = new ReadLeases();

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /**
   * Admits the bearer of a verified token.
   * @throws ApiError SESSION_REVOKED, MFA_REQUIRED, RATE_LIMITED or UNAVAILABLE
   */
  async admitSession(claims: AccessClaims, counting: Counting = {}): Promise<Admission> {
    // Service key: only the server may ask about other people's sessions.
    return await this.#leasing(
      counting,
      (p_rate_limit, p_lease) =>
        this.#options.database.rpc("admit_session", {
          p_user_id: claims.userId,
          p_session_id: claims.sessionId,
          p_issued_at: new Date(claims.issuedAt * 1000).toISOString(),
          p_rate_limit,
          p_aal: claims.aal,
          p_accept_aal1: counting.acceptsAal1 ?? false,
          p_lease,
        }),
    );
  }

  /**
   * Admits the bearer of an API key.
   * @param address the client's, for the key's allow-list and for counting wrong keys; null when unknown
   * @throws ApiError API_KEY_INVALID, API_KEY_EXPIRED, API_KEY_REVOKED, FORBIDDEN (address not allowed),
   *   RATE_LIMITED or UNAVAILABLE
   */
  async admitApiKey(key: ParsedApiKey, address: string | null, counting: Counting = {}): Promise<Admission> {
    // Service key: only the server may look at key hashes.
    return await this.#leasing(
      counting,
      (p_rate_limit, p_lease) =>
        this.#options.database.rpc("admit_api_key", {
          p_prefix: key.prefix,
          p_hashes: hashWithLivePeppers(key.text, this.#options.pepper),
          p_address: address ?? undefined,
          p_rate_limit,
          p_failure_limit: this.#options.failedKeysPerMinute ?? undefined,
          p_lease,
        }),
    );
  }

  async #leasing(
    { counted = true, leaseId }: Counting,
    ask: (limit: number | undefined, lease: Json | undefined) => PromiseLike<Parameters<typeof settle>[0]>,
  ): Promise<Admission> {
    const limit = counted ? this.#options.requestsPerMinute ?? undefined : undefined;
    const wanted = leaseId === undefined ? undefined : this.leases.request(leaseId);
    const askedAt = momentIn(0);
    const result = await ask(limit, wanted && { ...wanted });
    const admission = settle(result);
    const terms = leaseId === undefined ? undefined : Leased.parse(result.data).lease;
    return terms ? this.leases.keep(leaseId!, askedAt, admission, terms) : admission;
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

/** The project's public signing keys: cached, fetched one at a time, and kept when their endpoint fails. */
import { importJWK } from "jose";
import { ApiError } from "../errors/api_error.ts";

export const JWKS_FRESH_SECONDS = 600;
export const JWKS_EXTRA_FETCH_SECONDS = 30;
export const JWKS_STALE_SECONDS = 24 * 3600;
export const JWKS_TIMEOUT_MILLISECONDS = 2000;

export interface JwksOptions {
  readonly url: string;
  /** A set known beforehand (`SUPABASE_JWKS`): serves only while the endpoint has never answered. */
  readonly inline?: { readonly keys: readonly unknown[] } | undefined;
  /** Reads what the endpoint answers; a JWK set where absent. */
  readonly importKeys?: (set: unknown) => Promise<KeySet>;
  readonly fetch?: (
    url: string,
    init: { signal: AbortSignal; headers: Record<string, string> },
  ) => Promise<Response>;
  /** Seconds since 1970. */
  readonly now?: () => number;
}

/** Key id → public key. */
export type KeySet = ReadonlyMap<string, CryptoKey>;

export class Jwks {
  readonly #options: JwksOptions;
  readonly #now: () => number;
  #keys: KeySet | undefined;
  /** When the set was last fetched; an inline set counts as never. */
  #fetchedAt = -Infinity;
  #triedAt = -Infinity;
  #extraFetchAt = -Infinity;
  /** True while the endpoint's latest answer was a set without any key. */
  #isEmpty = false;
  #inFlight: Promise<boolean> | undefined;

  constructor(options: JwksOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => Date.now() / 1000);
  }

  /**
   * The public key with this id.
   * @returns `undefined` when the set, as fresh as it may be asked for, has no such key
   * @throws ApiError UNAVAILABLE when no set is known and the endpoint does not answer
   */
  async find(kid: string): Promise<CryptoKey | undefined> {
    const keys = await this.#current();
    const key = keys.get(kid);
    if (key || !this.#mayFetchExtra()) return key;
    this.#extraFetchAt = this.#now();
    await this.#refetch();
    return this.#keys?.get(kid);
  }

  /**
   * Whether a key is published under this id: as {@link find}, but a set without any key is an answer here, for a
   * project may sign with a secret alone.
   * @throws ApiError UNAVAILABLE when that can't be known
   */
  async isPublished(kid: string): Promise<boolean> {
    try {
      return await this.find(kid) !== undefined;
    } catch (error) {
      if (this.#isEmpty) return false;
      throw error;
    }
  }

  /** True when the set is fresh and has this key: answered without waiting. */
  hasFresh(kid: string): boolean {
    return this.#isFresh() && this.#keys!.has(kid);
  }

  /** Asks the endpoint now; true when it answered with a usable set. For readiness checks. */
  isReachable(): Promise<boolean> {
    return this.#refetch();
  }

  async #current(): Promise<KeySet> {
    if (this.#isFresh()) return this.#keys!;
    // A failing endpoint is asked again every 30 s while an older set can serve.
    const canServeStale = this.#keys !== undefined && this.#now() - this.#fetchedAt < JWKS_STALE_SECONDS;
    const isBackingOff = this.#now() - this.#triedAt < JWKS_EXTRA_FETCH_SECONDS;
    if (!(canServeStale && isBackingOff)) await this.#refetch();
    if (this.#keys && this.#now() - this.#fetchedAt < JWKS_STALE_SECONDS) return this.#keys;
    if (this.#fetchedAt === -Infinity && this.#options.inline) {
      return await importKeySet(this.#options.inline);
    }
    throw new ApiError("UNAVAILABLE", "Tokens can't be verified right now.", { retryAfterSeconds: 5 });
  }

  #isFresh(): boolean {
    return this.#keys !== undefined && this.#now() - this.#fetchedAt < JWKS_FRESH_SECONDS;
  }

  #mayFetchExtra(): boolean {
    // A set fetched this very moment is as fresh as an extra fetch would make it.
    return this.#now() - this.#extraFetchAt >= JWKS_EXTRA_FETCH_SECONDS && this.#fetchedAt < this.#now();
  }

  #refetch(): Promise<boolean> {
    this.#inFlight ??= this.#fetchSet().finally(() => this.#inFlight = undefined);
    return this.#inFlight;
  }

  async #fetchSet(): Promise<boolean> {
    this.#triedAt = this.#now();
    this.#isEmpty = false;
    try {
      const response = await (this.#options.fetch ?? fetch)(this.#options.url, {
        signal: AbortSignal.timeout(JWKS_TIMEOUT_MILLISECONDS),
        headers: { accept: "application/json" },
      });
      if (!response.ok) {
        await response.body?.cancel();
        return false;
      }
      const keys = await (this.#options.importKeys ?? importKeySet)(await response.json());
      this.#isEmpty = keys.size === 0;
      // No project is without a key, for KEY_SIGNING_JWK is one: the endpoint is broken, and nobody is refused for it.
      if (this.#isEmpty) return false;
      this.#keys = keys;
      this.#fetchedAt = this.#now();
      return true;
    } catch {
      return false;
    }
  }
}

/** Imports the P-256 verification keys of a JWK set (RFC 7517) and passes over all others. */
async function importKeySet(set: unknown): Promise<KeySet> {
  const keys = new Map<string, CryptoKey>();
  const members = (set as { keys?: unknown } | null)?.keys;
  if (!Array.isArray(members)) throw new TypeError("not a JWK set");
  for (const jwk of members) {
    if (!isVerificationKey(jwk)) continue;
    const { kty, crv, x, y, kid } = jwk;
    keys.set(kid, await importJWK({ kty, crv, x, y }, "ES256") as CryptoKey);
  }
  return keys;
}

interface VerificationJwk {
  kty: "EC";
  crv: "P-256";
  kid: string;
  x: string;
  y: string;
}

function isVerificationKey(jwk: unknown): jwk is VerificationJwk {
  if (jwk === null || typeof jwk !== "object") return false;
  const { kty, crv, kid, x, y, alg, use, key_ops: operations } = jwk as Record<string, unknown>;
  return kty === "EC" && crv === "P-256" && typeof kid === "string" && typeof x === "string" &&
    typeof y === "string" && (alg === undefined || alg === "ES256") && (use === undefined || use === "sig") &&
    (!Array.isArray(operations) || operations.includes("verify"));
}

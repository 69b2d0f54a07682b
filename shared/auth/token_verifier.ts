/** Verifies Supabase access tokens: ES256 against the project's JWKS, HS256 against a configured secret. */
import { createHash } from "node:crypto";
import { compactVerify } from "jose";
import { ApiError } from "../errors/api_error.ts";
import { type AccessClaims, judgeClaims } from "./claims.ts";
import type { Jwks } from "./jwks.ts";
import { Recent } from "./recent.ts";
import { type ParsedToken, parseToken } from "./token_grammar.ts";

export interface TokenVerifierOptions {
  readonly jwks: Jwks;
  readonly issuers: readonly string[];
  /** Without it HS256 tokens are refused. */
  readonly jwtSecret?: string | undefined;
  /** Seconds since 1970. */
  readonly now?: () => number;
}

/** Tokens that one isolate remembers having verified; about 1 kB each. */
const REMEMBERED_TOKENS = 5000;

interface Remembered {
  readonly claims: AccessClaims;
  /** Of the ES256 key, as good as which its token is; absent for the secret, which lives as long as the isolate. */
  readonly kid: string | undefined;
}

export class TokenVerifier {
  readonly #options: TokenVerifierOptions;
  readonly #now: () => number;
  readonly #secret: Uint8Array | undefined;
  readonly #remembered = new Recent<Remembered>(REMEMBERED_TOKENS);

  constructor(options: TokenVerifierOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => Date.now() / 1000);
    this.#secret = options.jwtSecret ? new TextEncoder().encode(options.jwtSecret) : undefined;
  }

  /**
   * The claims of a good token. Whether its session still lives is admission's question.
   * @throws ApiError TOKEN_INVALID, TOKEN_EXPIRED (only for a token that is right but for its age), or
   *   UNAVAILABLE when no key is known and the JWKS endpoint is down
   */
  async verify(token: string): Promise<AccessClaims> {
    // Keyed by the exact bytes: a twin of the same token is verified anew (docs/authentication.md).
    const digest = createHash("sha256").update(token).digest("base64");
    const remembered = this.#remembered.get(digest);
    if (remembered && (remembered.kid === undefined || this.#options.jwks.hasFresh(remembered.kid))) {
      if (remembered.claims.expiresAt > this.#now()) return remembered.claims;
      this.#remembered.delete(digest);
    }
    const parsed = parseToken(token);
    if (!parsed) throw invalid();
    const key = await this.#keyOf(parsed);
    if (!key) throw invalid();
    try {
      await compactVerify(token, key, { algorithms: [parsed.algorithm] });
    } catch {
      throw invalid();
    }
    const verdict = judgeClaims(parsed.claims, this.#options.issuers, this.#now());
    if (verdict.kind === "invalid") throw invalid();
    if (verdict.kind === "expired") throw new ApiError("TOKEN_EXPIRED", "The token has expired.");
    const kid = parsed.algorithm === "ES256" ? parsed.kid : undefined;
    this.#remembered.set(digest, { claims: verdict.claims, kid });
    return verdict.claims;
  }

  /** A `kid` that names a published key asks for that key: no token picks the secret instead (RFC 8725 §3.1). */
  async #keyOf({ algorithm, kid }: ParsedToken): Promise<CryptoKey | Uint8Array | undefined> {
    if (algorithm === "ES256") return await this.#options.jwks.find(kid!);
    if (!this.#secret || kid === undefined) return this.#secret;
    return await this.#options.jwks.isPublished(kid) ? undefined : this.#secret;
  }
}

function invalid(): ApiError {
  return new ApiError("TOKEN_INVALID", "The token is not valid.");
}

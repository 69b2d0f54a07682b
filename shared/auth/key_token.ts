/** Mints the short-lived tokens by which an API key becomes a principal under row-level security. */
import { importJWK, SignJWT } from "jose";
import type { PrivateSigningJwk } from "../http/env.ts";
import type { Principal } from "./principal.ts";
import { Recent } from "./recent.ts";

export const KEY_TOKEN_TTL_SECONDS = 60;
/** A token is replaced before its end, so that no query is under way with one that dies. */
const RENEW_BEFORE_END_SECONDS = 15;
const REMEMBERED_TOKENS = 2000;

export interface KeyTokenMintOptions {
  /** Private half of a signing key that the project's Data API accepts. */
  readonly signingJwk: PrivateSigningJwk;
  readonly issuer: string;
  /** Seconds since 1970. */
  readonly now?: () => number;
}

/** Holds the minted tokens; none ever leaves the function. */
export class KeyTokenMint {
  readonly #options: KeyTokenMintOptions;
  readonly #now: () => number;
  readonly #tokens = new Recent<{ token: Promise<string>; expiresAt: number }>(REMEMBERED_TOKENS);
  #signingKey: Promise<CryptoKey> | undefined;

  constructor(options: KeyTokenMintOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => Math.floor(Date.now() / 1000));
  }

  /**
   * A token for the Data API in which Postgres sees the key: `sub` is its creator, `api_key_id` the key, whose
   * scopes and state the policies then read from its row. Reused while it lives, for signing costs most of a
   * millisecond.
   * @returns a compact JWS, good for at most {@link KEY_TOKEN_TTL_SECONDS}
   */
  tokenFor(key: Pick<Principal, "user_id" | "api_key_id">): Promise<string> {
    const id = `${key.api_key_id}:${key.user_id}`;
    const known = this.#tokens.get(id);
    if (known && known.expiresAt - this.#now() > RENEW_BEFORE_END_SECONDS) return known.token;
    const expiresAt = this.#now() + KEY_TOKEN_TTL_SECONDS;
    const token = this.#mint(key, expiresAt);
    this.#tokens.set(id, { token, expiresAt });
    token.catch(() => this.#tokens.delete(id));
    return token;
  }

  async #mint(key: Pick<Principal, "user_id" | "api_key_id">, expiresAt: number): Promise<string> {
    const { signingJwk, issuer } = this.#options;
    // Only the members of a private key: a `key_ops` of the public half would forbid signing.
    this.#signingKey ??= importJWK(
      { kty: signingJwk.kty, crv: signingJwk.crv, x: signingJwk.x, y: signingJwk.y, d: signingJwk.d },
      "ES256",
    ) as Promise<CryptoKey>;
    return await new SignJWT({ role: "authenticated", api_key_id: key.api_key_id })
      .setProtectedHeader({ alg: "ES256", typ: "JWT", kid: signingJwk.kid })
      .setIssuer(issuer)
      .setAudience("authenticated")
      .setSubject(key.user_id)
      .setIssuedAt(this.#now())
      .setExpirationTime(expiresAt)
      .sign(await this.#signingKey);
  }
}

/** Mints the short-lived tokens by which the functions speak to the Data API for somebody they have admitted. */
import { importJWK, type JWTPayload, SignJWT } from "jose";
import type { PrivateSigningJwk } from "../config/env.ts";
import type { Principal } from "./principal.ts";
import { Recent } from "./recent.ts";

export const KEY_TOKEN_TTL_SECONDS = 60;
/** A token is replaced before its end, so that no query is under way with one that dies. */
const RENEW_BEFORE_END_SECONDS = 15;
const REMEMBERED_TOKENS = 2000;
/**
 * The session of a key's token: the Max UUID (RFC 9562 §5.10), which no session ever has. Supabase Auth takes a token
 * without a session for the person and lets it set their password; one whose session doesn't exist it refuses.
 */
export const NO_SESSION_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff";

export interface KeyTokenMintOptions {
  /** Private half of a signing key that the project's Data API accepts. */
  readonly signingJwk: PrivateSigningJwk;
  readonly issuer: string;
  /** Seconds since 1970. */
  readonly now?: () => number;
}

/** What the audit log may believe about a request, because only a token signed here says it. */
export interface RequestFacts {
  readonly address: string | null;
  readonly user_agent: string;
  readonly request_id: string;
}

/** A session that opened a stream with a ticket: its own token is not at hand. */
export interface SessionSubject {
  readonly user_id: string;
  readonly session_id: string | null;
  readonly aal: Principal["aal"];
  /** Of the access token that asked for the ticket, seconds since 1970. */
  readonly issuedAt: number;
  /** Of that token, seconds since 1970. */
  readonly expiresAt: number;
}

type KeySubject = Pick<Principal, "user_id" | "api_key_id">;

/** Holds the minted tokens; none ever leaves the function, and none is taken from outside (claims.ts). */
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
   * @param address the client's, by which Postgres judges a key that has networks; null when unknown
   * @returns a compact JWS, good for at most {@link KEY_TOKEN_TTL_SECONDS}
   */
  tokenFor(key: KeySubject, address: string | null = null): Promise<string> {
    const claims = () => ({ ...this.#keyClaims(key), ...(address !== null && { address }) });
    return this.#remember(`${key.api_key_id}:${key.user_id}:${address}`, (end) => this.#sign(claims(), end));
  }

  /** As {@link tokenFor}, for the session behind a ticket. */
  tokenForSession(session: SessionSubject): Promise<string> {
    const { user_id, session_id, aal, issuedAt } = session;
    return this.#remember(`session:${session_id ?? user_id}:${issuedAt}`, (end) => {
      const claims = {
        iss: this.#options.issuer,
        aud: "authenticated",
        role: "authenticated",
        sub: user_id,
        ...(session_id !== null && { session_id }),
        ...(aal !== null && { aal }),
        iat: issuedAt,
        request: {},
      };
      return this.#sign(claims, Math.min(end, session.expiresAt));
    });
  }

  /**
   * A token for one request of a key, with the facts of the request in the claim `request`.
   * @returns a compact JWS, good for at most {@link KEY_TOKEN_TTL_SECONDS}
   */
  vouchForKey(key: KeySubject, facts: RequestFacts): Promise<string> {
    return this.#sign({ ...this.#keyClaims(key), request: { ...facts } }, this.#end());
  }

  /**
   * The same for a session: every claim of its verified access token, and the facts.
   * @param claims of the access token
   */
  vouchForSession(claims: JWTPayload, facts: RequestFacts): Promise<string> {
    return this.#sign({ ...claims, request: { ...facts } }, Math.min(this.#end(), claims.exp ?? 0));
  }

  #end(): number {
    return this.#now() + KEY_TOKEN_TTL_SECONDS;
  }

  #remember(id: string, mint: (end: number) => Promise<string>): Promise<string> {
    const known = this.#tokens.get(id);
    if (known && known.expiresAt - this.#now() > RENEW_BEFORE_END_SECONDS) return known.token;
    const expiresAt = this.#end();
    const token = mint(expiresAt);
    this.#tokens.set(id, { token, expiresAt });
    token.catch(() => this.#tokens.delete(id));
    return token;
  }

  #keyClaims(key: KeySubject): JWTPayload {
    return {
      iss: this.#options.issuer,
      aud: "authenticated",
      role: "authenticated",
      sub: key.user_id,
      api_key_id: key.api_key_id,
      session_id: NO_SESSION_ID,
      iat: this.#now(),
    };
  }

  async #sign(claims: JWTPayload, expiresAt: number): Promise<string> {
    const { signingJwk } = this.#options;
    // Only the members of a private key: a `key_ops` of the public half would forbid signing.
    this.#signingKey ??= importJWK(
      { kty: signingJwk.kty, crv: signingJwk.crv, x: signingJwk.x, y: signingJwk.y, d: signingJwk.d },
      "ES256",
    ) as Promise<CryptoKey>;
    return await new SignJWT({ ...claims, exp: expiresAt })
      .setProtectedHeader({ alg: "ES256", typ: "JWT", kid: signingJwk.kid })
      .sign(await this.#signingKey);
  }
}

/** From a credential to a caller: verified by itself at once, admitted by the database side by side with the work. */
import { createHash } from "node:crypto";
import { decodeJwt } from "jose";
import type { Admission, AdmissionDesk } from "./admission.ts";
import type { Credential } from "./credential.ts";
import type { KeyTokenMint, RequestFacts } from "./key_token.ts";
import type { Principal } from "./principal.ts";
import { Recent } from "./recent.ts";
import type { TicketDesk } from "./ticket_desk.ts";
import type { TokenVerifier } from "./token_verifier.ts";
import type { ParsedApiKey } from "./api_key.ts";

export interface Caller {
  /** Settles when the database has admitted or refused the credential. No answer may leave before. */
  readonly admission: Promise<Admission>;
  /**
   * The token that Postgres judges this caller by. With facts it is one that vouches for them (for the audit log),
   * good for this request; without, it may be used again and again.
   */
  readonly dataToken: (facts?: RequestFacts) => Promise<string>;
  /**
   * Looks again whether the credential lives, without counting against its limit.
   * @throws ApiError as admission does
   */
  readonly recheck: () => Promise<Admission>;
  /** When the credential ends by itself, seconds since 1970; null when it doesn't or it's not known yet. */
  readonly expiresAt: number | null;
  /** When an access token was issued, seconds since 1970; null for a key. */
  readonly issuedAt: number | null;
}

const REMEMBERED_KEYS = 2000;

export class Authenticator {
  readonly #verifier: TokenVerifier;
  readonly #desk: AdmissionDesk;
  readonly #mint: KeyTokenMint;
  readonly #tickets: TicketDesk;
  /** Who a key was at its last admission: lets a read start before this request's admission is back. */
  readonly #knownKeys = new Recent<Pick<Principal, "user_id" | "api_key_id">>(REMEMBERED_KEYS);

  constructor(verifier: TokenVerifier, desk: AdmissionDesk, mint: KeyTokenMint, tickets: TicketDesk) {
    this.#verifier = verifier;
    this.#desk = desk;
    this.#mint = mint;
    this.#tickets = tickets;
  }

  /**
   * Verifies a credential by its own bytes and starts its admission.
   * @param address the client's, null when unknown
   * @param acceptsAal1 true where somebody may come who has yet to prove their second factor
   * @throws ApiError 401 for a bad credential, UNAVAILABLE when it can't be checked
   */
  async authenticate(
    credential: Credential,
    address: string | null,
    acceptsAal1 = false,
  ): Promise<Caller> {
    if (credential.kind === "ticket") return await this.#callerOfTicket(credential.ticket, address);
    if (credential.kind === "api_key") return this.#callerOfKey(credential.key, address);
    const { token } = credential;
    const claims = await this.#verifier.verify(token);
    return {
      admission: settledLater(this.#desk.admitSession(claims, true, acceptsAal1)),
      dataToken: (facts) =>
        facts ? this.#mint.vouchForSession(decodeJwt(token), facts) : Promise.resolve(token),
      recheck: () => this.#desk.admitSession(claims, false),
      expiresAt: claims.expiresAt,
      issuedAt: claims.issuedAt,
    };
  }

  #callerOfKey(key: ParsedApiKey, address: string | null): Caller {
    const digest = createHash("sha256").update(key.text).digest("base64");
    const admission = settledLater(
      this.#desk.admitApiKey(key, address).then((admission) => {
        this.#knownKeys.set(digest, admission.principal);
        return admission;
      }),
    );
    return {
      admission,
      dataToken: async (facts) => {
        const subject = this.#knownKeys.get(digest) ?? (await admission).principal;
        return await (facts ? this.#mint.vouchForKey(subject, facts) : this.#mint.tokenFor(subject));
      },
      recheck: () => this.#desk.admitApiKey(key, address, false),
      expiresAt: null,
      issuedAt: null,
    };
  }

  /** A ticket is used up at once, whatever becomes of the stream; it can do no more than its credential. */
  async #callerOfTicket(ticket: string, address: string | null): Promise<Caller> {
    const { admission, parent } = await this.#tickets.redeem(ticket, address);
    const { user_id, api_key_id, session_id, aal } = admission.principal;
    const { issuedAt, expiresAt } = parent;
    return {
      admission: Promise.resolve(admission),
      dataToken: () =>
        issuedAt === null || expiresAt === null
          ? this.#mint.tokenFor({ user_id, api_key_id })
          : this.#mint.tokenForSession({ user_id, session_id, aal, issuedAt, expiresAt }),
      recheck: () => this.#tickets.recheck(ticket),
      expiresAt,
      issuedAt,
    };
  }
}

/** Keeps a refusal from counting as unhandled while the work it will stop is still being prepared. */
function settledLater<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => {});
  return promise;
}

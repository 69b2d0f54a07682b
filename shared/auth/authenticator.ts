/** From a credential to a caller: verified by itself at once, admitted by the database side by side with the work. */
import { createHash } from "node:crypto";
import { decodeJwt } from "jose";
import type { Admission, AdmissionDesk, Counting } from "./admission.ts";
import type { Credential } from "./credential.ts";
import type { KeyTokenMint, RequestFacts } from "./key_token.ts";
import type { Principal } from "./principal.ts";
import { Recent } from "./recent.ts";
import type { TicketDesk } from "./ticket_desk.ts";
import type { TokenVerifier } from "./token_verifier.ts";
import type { ParsedApiKey } from "./api_key.ts";

export interface Caller {
  /**
   * Set where the request was taken from the limit ahead: a read whose rows Postgres let the caller see may leave with
   * it. Anything else asks for admission first.
   */
  readonly pass: Admission | undefined;
  /** Settles when the database has admitted or refused the credential; begins at once where there is no pass. */
  readonly admission: () => Promise<Admission>;
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
   * @param needs what the endpoint is about
   * @throws ApiError 401 for a bad credential, UNAVAILABLE when it can't be checked
   */
  async authenticate(
    credential: Credential,
    address: string | null,
    needs: Needs = {},
  ): Promise<Caller> {
    if (credential.kind === "ticket") return await this.#callerOfTicket(credential.ticket, address);
    if (credential.kind === "api_key") return this.#callerOfKey(credential.key, address, needs);
    const { token } = credential;
    const claims = await this.#verifier.verify(token);
    const { userId, sessionId, issuedAt, aal } = claims;
    const leaseId = needs.mayPass ? `session:${userId}:${sessionId}:${issuedAt}:${aal}` : undefined;
    const { acceptsAal1 } = needs;
    return {
      ...this.#admitting(
        leaseId,
        (counting) => this.#desk.admitSession(claims, { ...counting, acceptsAal1 }),
      ),
      dataToken: (facts) =>
        facts ? this.#mint.vouchForSession(decodeJwt(token), facts) : Promise.resolve(token),
      recheck: () => this.#desk.admitSession(claims, { counted: false }),
      expiresAt: claims.expiresAt,
      issuedAt: claims.issuedAt,
    };
  }

  #callerOfKey(key: ParsedApiKey, address: string | null, { mayPass }: Needs): Caller {
    const digest = createHash("sha256").update(key.text).digest("base64");
    const { pass, admission } = this.#admitting(mayPass ? `key:${digest}` : undefined, async (counting) => {
      const admission = await this.#desk.admitApiKey(key, address, counting);
      this.#knownKeys.set(digest, admission.principal);
      return admission;
    });
    return {
      pass,
      admission,
      dataToken: async (facts) => {
        const subject = pass?.principal ?? this.#knownKeys.get(digest) ?? (await admission()).principal;
        return await (facts ? this.#mint.vouchForKey(subject, facts) : this.#mint.tokenFor(subject, address));
      },
      recheck: () => this.#desk.admitApiKey(key, address, { counted: false }),
      expiresAt: null,
      issuedAt: null,
    };
  }

  /** A pass where one is held; with it, admission is asked only when somebody waits for it, and counts nothing. */
  #admitting(
    leaseId: string | undefined,
    admit: (counting: Counting) => Promise<Admission>,
  ): Pick<Caller, "pass" | "admission"> {
    const pass = leaseId === undefined ? undefined : this.#desk.leases.take(leaseId);
    if (!pass) {
      const admission = settledLater(admit({ leaseId }));
      return { pass, admission: () => admission };
    }
    let asked: Promise<Admission> | undefined;
    const ask = async () => ({ ...await admit({ counted: false }), rate: pass.rate });
    return { pass, admission: () => asked ??= settledLater(ask()) };
  }

  /** A ticket is used up at once, whatever becomes of the stream; it can do no more than its credential. */
  async #callerOfTicket(ticket: string, address: string | null): Promise<Caller> {
    const { admission, parent } = await this.#tickets.redeem(ticket, address);
    const { user_id, api_key_id, session_id, aal } = admission.principal;
    const { issuedAt, expiresAt } = parent;
    return {
      pass: undefined,
      admission: () => Promise.resolve(admission),
      dataToken: () =>
        issuedAt === null || expiresAt === null
          ? this.#mint.tokenFor({ user_id, api_key_id }, address)
          : this.#mint.tokenForSession({ user_id, session_id, aal, issuedAt, expiresAt }),
      recheck: () => this.#tickets.recheck(ticket),
      expiresAt,
      issuedAt,
    };
  }
}

/** What an endpoint needs of its caller. */
export interface Needs {
  /** True where somebody may come who has yet to prove their second factor. */
  readonly acceptsAal1?: boolean | undefined;
  /** True for a read that may leave with a pass. */
  readonly mayPass?: boolean;
}

/** Keeps a refusal from counting as unhandled while the work it will stop is still being prepared. */
function settledLater<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => {});
  return promise;
}

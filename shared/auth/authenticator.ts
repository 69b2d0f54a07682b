/** From a credential to a caller: verified by itself at once, admitted by the database side by side with the work. */
import { createHash } from "node:crypto";
import { ApiError } from "../http/api_error.ts";
import type { Admission, AdmissionDesk } from "./admission.ts";
import type { Credential } from "./credential.ts";
import type { KeyTokenMint } from "./key_token.ts";
import type { Principal } from "./principal.ts";
import { Recent } from "./recent.ts";
import type { TokenVerifier } from "./token_verifier.ts";
import type { ParsedApiKey } from "./api_key.ts";

export interface Caller {
  /** Settles when the database has admitted or refused the credential. No answer may leave before. */
  readonly admission: Promise<Admission>;
  /** The token that Postgres judges this caller by. */
  readonly dataToken: () => Promise<string>;
  /**
   * Looks again whether the credential lives, without counting against its limit.
   * @throws ApiError as admission does
   */
  readonly recheck: () => Promise<Admission>;
  /** When the credential ends by itself, seconds since 1970; null when it doesn't or it's not known yet. */
  readonly expiresAt: number | null;
}

const REMEMBERED_KEYS = 2000;

export class Authenticator {
  readonly #verifier: TokenVerifier;
  readonly #desk: AdmissionDesk;
  readonly #mint: KeyTokenMint;
  /** Who a key was at its last admission: lets a read start before this request's admission is back. */
  readonly #knownKeys = new Recent<Pick<Principal, "user_id" | "api_key_id">>(REMEMBERED_KEYS);

  constructor(verifier: TokenVerifier, desk: AdmissionDesk, mint: KeyTokenMint) {
    this.#verifier = verifier;
    this.#desk = desk;
    this.#mint = mint;
  }

  /**
   * Verifies a credential by its own bytes and starts its admission.
   * @param address the client's, null when unknown
   * @throws ApiError 401 for a credential that is none, UNAVAILABLE when nobody can tell
   */
  async authenticate(credential: Credential, address: string | null): Promise<Caller> {
    if (credential.kind === "ticket") throw new ApiError("TOKEN_INVALID", "The ticket is not valid.");
    if (credential.kind === "api_key") return this.#callerOfKey(credential.key, address);
    const { token } = credential;
    const claims = await this.#verifier.verify(token);
    return {
      admission: settledLater(this.#desk.admitSession(claims)),
      dataToken: () => Promise.resolve(token),
      recheck: () => this.#desk.admitSession(claims, false),
      expiresAt: claims.expiresAt,
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
      dataToken: async () => this.#mint.tokenFor(this.#knownKeys.get(digest) ?? (await admission).principal),
      recheck: () => this.#desk.admitApiKey(key, address, false),
      expiresAt: null,
    };
  }
}

/** Keeps a refusal from counting as unhandled while the work it will stop is still being prepared. */
function settledLater<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => {});
  return promise;
}

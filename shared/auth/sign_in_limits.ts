/** Limits failed sign-ins and registrations, over all isolates; closed when the limiter itself fails. */
import { createHmac } from "node:crypto";
import { z } from "zod";
import type { ServiceDatabase } from "../db/client.ts";
import { unwrap } from "../db/unwrap.ts";
import { ApiError } from "../errors/api_error.ts";
import type { Pepper } from "./api_key_hash.ts";

export const SIGN_IN_WINDOW_SECONDS = 15 * 60;

export interface SignInLimitsOptions {
  readonly database: ServiceDatabase;
  /** Keys the hash under which an email address is counted, so that the table reveals no address. */
  readonly pepper: Pepper;
  /** Failed sign-ins in {@link SIGN_IN_WINDOW_SECONDS}, and registrations an hour; null switches all of them off. */
  readonly limits: SignInCounts | null;
}

export interface SignInCounts {
  /** For one email from one network. */
  readonly perEmail: number;
  /** For one email from all networks from which no one signed in with it yet. */
  readonly perEmailOverall: number;
  /** For one network over all emails. */
  readonly perAddress: number;
  /** Registrations an hour from one network. */
  readonly registrations: number;
}

const Reservation = z.union([
  z.object({ reservation: z.int() }),
  z.object({ retry_after_seconds: z.int() }),
]);

export class SignInLimits {
  readonly #options: SignInLimitsOptions;

  constructor(options: SignInLimitsOptions) {
    this.#options = options;
  }

  /**
   * Lets a sign-in be tried, unless too many have failed. The attempt counts from before it is made, so that many
   * at once get no further than one after the other; what is not refused as INVALID_CREDENTIALS is given back.
   * @param email as typed; counted the same whether or not anybody has it
   * @param address the client's; null when unknown: then all unknown ones are one network to the email
   * @throws ApiError RATE_LIMITED, UNAVAILABLE when counting is impossible, or what `signIn` throws
   */
  async attempt<Value>(email: string, address: string | null, signIn: () => Promise<Value>): Promise<Value> {
    const { limits } = this.#options;
    if (limits === null) return await signIn();
    const emailHash = this.#hash(email);
    const reservation = await this.#reserve(emailHash, address, limits);
    try {
      const value = await signIn();
      await this.#release(emailHash, address, reservation, true);
      return value;
    } catch (error) {
      const isGuess = error instanceof ApiError && error.code === "INVALID_CREDENTIALS";
      if (!isGuess) await this.#release(emailHash, address, reservation, false);
      throw error;
    }
  }

  /**
   * Lets a registration be tried, unless too many came from this network.
   * @throws ApiError RATE_LIMITED, or UNAVAILABLE when counting is impossible
   */
  async admitRegistration(address: string | null): Promise<void> {
    const { limits, database } = this.#options;
    if (limits === null) return;
    // Service key: no one has signed in yet.
    const { data, error } = await database.rpc("reserve_registration", {
      p_limit: limits.registrations,
      p_address: address ?? undefined,
    });
    if (error) throw uncounted("Registration is temporarily unavailable.", error);
    if (data !== null) throw limited("Too many registrations", data);
  }

  async #reserve(emailHash: string, address: string | null, limits: SignInCounts): Promise<number> {
    // Service key: no one has signed in yet.
    const answer = await this.#options.database.rpc("reserve_sign_in", {
      p_email_hash: emailHash,
      p_address: address ?? undefined,
      p_place_limit: limits.perEmail,
      p_email_limit: limits.perEmailOverall,
      p_network_limit: limits.perAddress,
      p_window_seconds: SIGN_IN_WINDOW_SECONDS,
    });
    const parsed = Reservation.safeParse(answer.data);
    if (answer.error || !parsed.success) {
      throw uncounted("Sign-in is temporarily unavailable.", answer.error ?? parsed.error);
    }
    if ("reservation" in parsed.data) return parsed.data.reservation;
    throw limited("Too many failed sign-ins", parsed.data.retry_after_seconds);
  }

  async #release(
    emailHash: string,
    address: string | null,
    reservation: number,
    hasSucceeded: boolean,
  ): Promise<void> {
    try {
      // Service key: no caller may touch the counters.
      unwrap(
        await this.#options.database.rpc("release_sign_in", {
          p_email_hash: emailHash,
          p_address: address ?? undefined,
          p_reservation: reservation,
          p_succeeded: hasSucceeded,
        }),
      );
    } catch {
      // An attempt not given back counts as failed for a quarter of an hour; that is no reason to refuse it now.
    }
  }

  #hash(email: string): string {
    // While a new pepper is rolled out, all isolates count by the one that all of them know.
    const key = this.#options.pepper.previous ?? this.#options.pepper.current;
    return createHmac("sha256", key).update(`sign-in:${email.trim().toLowerCase()}`).digest("base64url");
  }
}

function uncounted(message: string, cause: unknown): ApiError {
  return new ApiError("UNAVAILABLE", message, { cause, retryAfterSeconds: 5 });
}

function limited(what: string, seconds: number): ApiError {
  return new ApiError("RATE_LIMITED", `${what}; try again in ${seconds} seconds.`, {
    retryAfterSeconds: seconds,
  });
}

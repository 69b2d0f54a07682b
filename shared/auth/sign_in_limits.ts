/** Limits failed sign-ins by email and by address, over all isolates; closed when the limiter itself fails. */
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
  /** Failed sign-ins in {@link SIGN_IN_WINDOW_SECONDS}; null switches limits off. */
  readonly perEmail: number | null;
  readonly perAddress: number | null;
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
   * @param address the client's; null when unknown, and then only the email counts
   * @throws ApiError RATE_LIMITED, UNAVAILABLE when counting is impossible, or what `signIn` throws
   */
  async attempt<Value>(email: string, address: string | null, signIn: () => Promise<Value>): Promise<Value> {
    const { perEmail, perAddress } = this.#options;
    if (perEmail === null || perAddress === null) return await signIn();
    const emailHash = this.#hash(email);
    const reservation = await this.#reserve(emailHash, address, perEmail, perAddress);
    try {
      const value = await signIn();
      await this.#release(emailHash, address, reservation);
      return value;
    } catch (error) {
      const isGuess = error instanceof ApiError && error.code === "INVALID_CREDENTIALS";
      if (!isGuess) await this.#release(emailHash, address, reservation);
      throw error;
    }
  }

  async #reserve(emailHash: string, address: string | null, perEmail: number, perAddress: number) {
    // Service key: no one has signed in yet.
    const answer = await this.#options.database.rpc("reserve_sign_in", {
      p_email_hash: emailHash,
      p_address: address ?? undefined,
      p_email_limit: perEmail,
      p_address_limit: perAddress,
      p_window_seconds: SIGN_IN_WINDOW_SECONDS,
    });
    const parsed = Reservation.safeParse(answer.data);
    if (answer.error || !parsed.success) {
      throw new ApiError("UNAVAILABLE", "Sign-in is temporarily unavailable.", {
        cause: answer.error ?? parsed.error,
        retryAfterSeconds: 5,
      });
    }
    if ("reservation" in parsed.data) return parsed.data.reservation;
    const seconds = parsed.data.retry_after_seconds;
    throw new ApiError("RATE_LIMITED", `Too many failed sign-ins; try again in ${seconds} seconds.`, {
      retryAfterSeconds: seconds,
    });
  }

  async #release(emailHash: string, address: string | null, reservation: number): Promise<void> {
    try {
      // Service key: no caller may touch the counters.
      unwrap(
        await this.#options.database.rpc("release_sign_in", {
          p_email_hash: emailHash,
          p_address: address ?? undefined,
          p_reservation: reservation,
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

/** Stream tickets: issued for an admitted credential, redeemed once, and dead with that credential. */
import { z } from "zod";
import type { StreamTicket } from "../contracts/tickets.ts";
import type { ServiceDatabase } from "../db/client.ts";
import { unwrap } from "../db/unwrap.ts";
import { ApiError } from "../errors/api_error.ts";
import { type Admission, settle } from "./admission.ts";
import { digestLinkToken, drawLinkToken, isLinkToken } from "./link_token.ts";
import type { Principal } from "./principal.ts";

/** The token that asked for a ticket, seconds since 1970; nulls for an API key. */
export interface TicketParent {
  readonly issuedAt: number | null;
  readonly expiresAt: number | null;
}

const Redeemed = z.object({
  ticket: z.object({ issued_at: z.number().nullable(), expires_at: z.number().nullable() }),
});

export class TicketDesk {
  readonly #database: ServiceDatabase;
  readonly #requestsPerMinute: number | null;

  /** @param requestsPerMinute null counts nothing */
  constructor(database: ServiceDatabase, requestsPerMinute: number | null) {
    this.#database = database;
    this.#requestsPerMinute = requestsPerMinute;
  }

  /**
   * Draws a ticket for a credential that has just been admitted.
   * @returns the ticket, shown this once, and its end
   */
  async issue(principal: Principal, parent: TicketParent): Promise<StreamTicket> {
    const ticket = drawLinkToken("ticket");
    // Service key: a ticket is a credential, and only the functions may make one.
    const expiresAt = unwrap(
      await this.#database.rpc("issue_stream_ticket", {
        p_hash: digestLinkToken(ticket),
        p_user_id: principal.user_id,
        p_session_id: principal.session_id ?? undefined,
        p_issued_at: toTime(parent.issuedAt),
        p_api_key_id: principal.api_key_id ?? undefined,
        p_credential_expires_at: toTime(parent.expiresAt),
      }),
    );
    return { ticket, expires_at: new Date(expiresAt as string).toISOString() };
  }

  /**
   * Admits the bearer of a ticket and uses it up.
   * @param address the client's, for the allow-list of the key behind the ticket; null when unknown
   * @throws ApiError TOKEN_INVALID for one that is unknown, used or too old; FORBIDDEN (address not allowed); what has
   *   become of its credential
   */
  async redeem(
    ticket: string,
    address: string | null,
  ): Promise<{ admission: Admission; parent: TicketParent }> {
    if (!isLinkToken(ticket, "ticket")) throw new ApiError("TOKEN_INVALID", "The ticket is not valid.");
    // Service key: the bearer has no other credential.
    const result = await this.#database.rpc("redeem_stream_ticket", {
      p_hash: digestLinkToken(ticket),
      p_rate_limit: this.#requestsPerMinute ?? undefined,
      p_address: address ?? undefined,
    });
    const admission = settle(result);
    const { issued_at, expires_at } = Redeemed.parse(result.data).ticket;
    return { admission, parent: { issuedAt: issued_at, expiresAt: expires_at } };
  }

  /**
   * Looks again whether the credential behind a used ticket lives.
   * @throws ApiError as {@link redeem}
   */
  async recheck(ticket: string): Promise<Admission> {
    // Service key: as for redeeming.
    return settle(await this.#database.rpc("recheck_stream_ticket", { p_hash: digestLinkToken(ticket) }));
  }
}

function toTime(seconds: number | null): string | undefined {
  return seconds === null ? undefined : new Date(seconds * 1000).toISOString();
}

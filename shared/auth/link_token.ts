/** Random single-purpose secrets that travel in links: invitations and stream tickets. */
import { createHash } from "node:crypto";
import { drawBase62 } from "./api_key.ts";

/** 43 base62 characters carry 256 bits. */
const SECRET_LENGTH = 43;

const GRAMMAR = new RegExp(`^ia_(invite|ticket)_[0-9A-Za-z]{${SECRET_LENGTH}}$`);

/**
 * Draws a new token from the system's random source.
 * @returns such as `ia_ticket_…`; a secret
 */
export function drawLinkToken(kind: "invite" | "ticket"): string {
  return `ia_${kind}_${drawBase62(SECRET_LENGTH)}`;
}

/** True when the text can be a token of this kind: junk costs no query. */
export function isLinkToken(text: string, kind: "invite" | "ticket"): boolean {
  return GRAMMAR.exec(text)?.[1] === kind;
}

/**
 * SHA-256 of a token: all of it that the database ever sees. No slow hash: the token has 256 random bits.
 * @returns lower-case hex, 64 characters
 */
export function digestLinkToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

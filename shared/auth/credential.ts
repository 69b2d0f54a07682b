/** Finds exactly one credential in a request, by grammar alone: before any crypto, before any query. */
import { ApiError } from "../errors/api_error.ts";
import { parseApiKey, type ParsedApiKey } from "./api_key.ts";

export type Credential =
  | { readonly kind: "token"; readonly token: string }
  | { readonly kind: "api_key"; readonly key: ParsedApiKey }
  | { readonly kind: "ticket"; readonly ticket: string };

/** Longest accepted credential in characters (contract §2). */
export const MAX_CREDENTIAL_LENGTH = 8192;

const HEADER_OR_TICKET =
  "Don't put an API key in a URL. Send it in the Authorization header, or use a stream ticket.";

/**
 * The request's only credential, from `Authorization: Bearer` (RFC 6750 §2.1).
 * @throws ApiError TOKEN_MISSING without one, INVALID_REQUEST with two, TOKEN_INVALID or API_KEY_INVALID when
 *   it can't be one
 */
export function findCredential(headers: Headers): Credential {
  return parse(readHeader(headers));
}

/**
 * As {@link findCredential}, for the event stream: `?token=` may carry an access token or a ticket instead.
 * @param query the URL's query parameters
 * @throws ApiError also INVALID_REQUEST for header and `?token=` together, or `token` twice
 */
export function findStreamCredential(headers: Headers, query: URLSearchParams): Credential {
  const tokens = query.getAll("token");
  if (tokens.length === 0) return findCredential(headers);
  if (tokens.length > 1 || headers.has("authorization")) throw tooMany();
  const token = tokens[0]!;
  if (token === "") throw missing();
  if (token.startsWith("ia_ticket_")) return { kind: "ticket", ticket: token };
  if (token.startsWith("ia_")) throw new ApiError("API_KEY_INVALID", HEADER_OR_TICKET);
  return parse(token);
}

function readHeader(headers: Headers): string {
  const header = headers.get("authorization")?.trim();
  if (!header) throw missing();
  // Two header lines arrive joined by a comma, which no credential contains.
  if (header.includes(",")) throw tooMany();
  const [scheme, ...rest] = header.split(/[ \t]+/);
  if (scheme!.toLowerCase() !== "bearer") {
    throw new ApiError("TOKEN_INVALID", "The Authorization header must use the Bearer scheme.");
  }
  if (rest.length === 0) throw missing();
  if (rest.length > 1) throw tooMany();
  return rest[0]!;
}

function parse(credential: string): Credential {
  if (credential.length > MAX_CREDENTIAL_LENGTH) {
    throw new ApiError("TOKEN_INVALID", "The credential is too long.");
  }
  if (credential.startsWith("ia_")) {
    const key = parseApiKey(credential);
    if (!key) throw new ApiError("API_KEY_INVALID", "The API key is not valid.");
    return { kind: "api_key", key };
  }
  return { kind: "token", token: credential };
}

function missing(): ApiError {
  return new ApiError(
    "TOKEN_MISSING",
    "Authentication required. Send Authorization: Bearer <token or API key>.",
  );
}

function tooMany(): ApiError {
  return new ApiError("INVALID_REQUEST", "Send exactly one credential.");
}

/** Errors of the OAuth endpoints: RFC 6749 §5.2's words inside the API's one error shape. */
import { ApiError } from "./api_error.ts";

export type OAuthErrorCode =
  // RFC 6749 §5.2
  | "invalid_request"
  | "invalid_grant"
  | "invalid_scope"
  | "unsupported_grant_type"
  // RFC 8693 §2.2.2
  | "invalid_target"
  // RFC 8628 §3.5
  | "authorization_pending"
  | "slow_down"
  | "access_denied"
  | "expired_token";

/**
 * A 400 whose `details.error` is the standard's code.
 * @param message one sentence for a person
 */
export function oauthError(error: OAuthErrorCode, message: string, cause?: unknown): ApiError {
  return new ApiError("INVALID_REQUEST", message, { details: { error }, cause });
}

/** The one translator from anything thrown to the contract's error shape. */
import type { ErrorBody } from "../contracts/errors.ts";
import { ApiError } from "../errors/api_error.ts";

const REALM = 'Bearer realm="infraaudit"';

/**
 * Any thrown value as an {@link ApiError}: what is not ours becomes INTERNAL, with itself as the cause.
 */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError("INTERNAL", "Something went wrong on our side.", { cause: error });
}

/**
 * The answer to an error: body, status, `Retry-After`, and `WWW-Authenticate` as RFC 6750 §3 has it.
 * @param requestId repeated in the body
 */
export function errorAnswer(error: ApiError, requestId: string): Response {
  const body: ErrorBody = {
    error: error.message,
    code: error.code,
    ...(error.details !== undefined && { details: error.details }),
    request_id: requestId,
    ...(error.code === "RATE_LIMITED" && { retryAfter: error.retryAfterSeconds ?? 60 }),
  };
  const headers = new Headers(error.headers);
  headers.set("Content-Type", "application/json");
  if (error.retryAfterSeconds !== undefined) headers.set("Retry-After", String(error.retryAfterSeconds));
  const challenge = challengeOf(error);
  if (challenge) headers.set("WWW-Authenticate", challenge);
  return new Response(JSON.stringify(body), { status: error.status, headers });
}

function challengeOf(error: ApiError): string | undefined {
  // A wrong password is no bearer credential, but a 401 without a challenge is no HTTP (RFC 9110 §11.6.1).
  if (error.code === "TOKEN_MISSING" || error.code === "INVALID_CREDENTIALS") return REALM;
  // RFC 9470 §3: the credential is good, but more proof of the person is asked for.
  if (error.code === "MFA_REQUIRED") {
    return `${REALM}, error="insufficient_user_authentication", acr_values="aal2"`;
  }
  if (error.status === 401) return `${REALM}, error="invalid_token"`;
  if (error.status !== 403) return undefined;
  const required = typeof error.details === "object" ? error.details.required : undefined;
  return `${REALM}, error="insufficient_scope"` +
    (typeof required === "string" ? `, scope="${required}"` : "");
}

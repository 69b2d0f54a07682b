/** Turns what the Data API answers into data or into the API's own error. */
import type { ErrorCode } from "../contracts/errors.ts";
import { Permission } from "../contracts/permissions.ts";
import { ApiError } from "../errors/api_error.ts";

interface DatabaseFault {
  readonly code: string;
  readonly message: string;
  readonly details?: string | null;
  readonly hint?: string | null;
}

interface Result<Data> {
  readonly data: Data;
  readonly error: DatabaseFault | null;
  readonly status: number;
}

/** SQLSTATEs and PostgREST codes that are the caller's doing, with the words they are told in. */
const FAULTS: Record<string, [ErrorCode, string]> = {
  "22001": ["VALIDATION_FAILED", "A value is too long."],
  "22003": ["VALIDATION_FAILED", "A number is out of range."],
  "22007": ["VALIDATION_FAILED", "A time is not valid."],
  "22008": ["VALIDATION_FAILED", "A time is out of range."],
  "22021": ["VALIDATION_FAILED", "A text has characters that can't be stored."],
  "22P02": ["VALIDATION_FAILED", "A value has the wrong format."],
  "22P05": ["VALIDATION_FAILED", "A text has characters that can't be stored."],
  "23502": ["VALIDATION_FAILED", "A required value is missing."],
  "23503": ["CONFLICT", "Something else depends on this, or what it refers to is gone."],
  "23505": ["CONFLICT", "This already exists."],
  "23514": ["VALIDATION_FAILED", "A value is not allowed."],
  "40001": ["UNAVAILABLE", "The request collided with another one. Try again."],
  "40P01": ["UNAVAILABLE", "The request collided with another one. Try again."],
  "57014": ["UNAVAILABLE", "The database took too long."],
  PGRST116: ["NOT_FOUND", "Nothing was found."],
  PGRST301: ["TOKEN_INVALID", "The token is not valid."],
  PGRST303: ["TOKEN_EXPIRED", "The token has expired."],
};

/** What `raise sqlstate 'PTxyz'` means; the message is ours and may be shown. */
const RAISED: Record<string, ErrorCode> = {
  PT400: "VALIDATION_FAILED",
  PT403: "FORBIDDEN",
  PT404: "NOT_FOUND",
  PT409: "CONFLICT",
  PT422: "UNPROCESSABLE",
  PT429: "RATE_LIMITED",
};

/**
 * The data of a Data API result.
 * @throws ApiError by SQLSTATE: 42501 is FORBIDDEN (HINT names the missing permission), no answer is
 *   UNAVAILABLE, an unknown fault INTERNAL with the fault as its cause
 */
export function unwrap<Data>(result: Result<Data>): Data {
  if (!result.error) return result.data;
  throw toApiError(result.error, result.status);
}

function toApiError(fault: DatabaseFault, status: number): ApiError {
  const cause = { code: fault.code, message: fault.message, status };
  if (fault.code === "42501" && fault.hint === "reauthentication") {
    const message = "Managing keys needs a recent sign-in. Sign in again and retry.";
    return new ApiError("REAUTHENTICATION_REQUIRED", message, { cause });
  }
  if (fault.code === "42501") {
    const required = Permission.safeParse(fault.hint);
    return new ApiError("FORBIDDEN", "This credential isn't allowed to do that.", {
      cause,
      ...(required.success && { details: { required: required.data } }),
    });
  }
  const raised = RAISED[fault.code];
  if (raised) {
    return new ApiError(raised, fault.message, {
      cause,
      ...(fault.details && { details: fault.details }),
      // The HINT of PT429 is the seconds to wait.
      ...(raised === "RATE_LIMITED" && { retryAfterSeconds: Number(fault.hint) || 60 }),
    });
  }
  const known = FAULTS[fault.code];
  if (known) return new ApiError(known[0], known[1], { cause, ...retryable(known[0]) });
  if (status === 0 || status >= 502 || /^(PGRST00|08|53|57)/.test(fault.code)) {
    return new ApiError("UNAVAILABLE", "The database is temporarily unavailable.", {
      cause,
      retryAfterSeconds: 5,
    });
  }
  return new ApiError("INTERNAL", "Something went wrong on our side.", { cause });
}

function retryable(code: ErrorCode) {
  return code === "UNAVAILABLE" ? { retryAfterSeconds: 1 } : {};
}

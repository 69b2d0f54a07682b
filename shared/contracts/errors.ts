/** The one error shape of the API and its closed list of codes. */
import { z } from "zod";

/** Every error code and the HTTP status it is answered with. */
export const ERROR_STATUS = {
  INVALID_REQUEST: 400,
  VALIDATION_FAILED: 400,
  TOKEN_MISSING: 401,
  TOKEN_INVALID: 401,
  TOKEN_EXPIRED: 401,
  SESSION_REVOKED: 401,
  API_KEY_INVALID: 401,
  API_KEY_EXPIRED: 401,
  API_KEY_REVOKED: 401,
  INVALID_CREDENTIALS: 401,
  MFA_REQUIRED: 401,
  FORBIDDEN: 403,
  REAUTHENTICATION_REQUIRED: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  CONFLICT: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  UNPROCESSABLE: 422,
  RATE_LIMITED: 429,
  INTERNAL: 500,
  UNAVAILABLE: 503,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;

export const ErrorCode = z.enum(Object.keys(ERROR_STATUS) as [ErrorCode, ...ErrorCode[]]).meta({
  id: "ErrorCode",
  description: "What went wrong, as a code for programs.",
});

export const ErrorBody = z.strictObject({
  error: z.string().meta({ description: "What went wrong, as a sentence for people." }),
  code: ErrorCode,
  details: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
  request_id: z.string().meta({ description: "The same id as in X-Request-Id." }),
  retryAfter: z.int().optional().meta({ description: "Seconds to wait; only with RATE_LIMITED." }),
}).meta({ id: "Error", description: "Every error of the API has this shape." });
export type ErrorBody = z.infer<typeof ErrorBody>;

/** The one error class of the API: what the caller is told, apart from what stays inside. */
import { ERROR_STATUS, type ErrorCode } from "../contracts/errors.ts";

export interface ApiErrorOptions {
  /** Told to the caller, beside the message. */
  details?: string | Record<string, unknown>;
  /** Seconds to wait, for `Retry-After`. */
  retryAfterSeconds?: number;
  /** Extra response headers, such as `Allow`. */
  headers?: Record<string, string>;
  /** What really happened; logged with the request id, never sent. */
  cause?: unknown;
}

/** An answer that is not a success. `message` is one sentence for the caller; secrets belong in no field. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly details: string | Record<string, unknown> | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly headers: Record<string, string>;

  constructor(code: ErrorCode, message: string, options: ApiErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = "ApiError";
    this.code = code;
    this.details = options.details;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.headers = options.headers ?? {};
  }

  /** The HTTP status of the code. */
  get status(): (typeof ERROR_STATUS)[ErrorCode] {
    return ERROR_STATUS[this.code];
  }
}

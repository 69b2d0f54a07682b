/** How a call can fail, as classes a client can tell apart: refused, unreachable, or not understood. */
import type { ErrorCode } from "../contracts/errors.ts";

/** What an {@link ApiFailure} is made of. */
export interface ApiFailureParts {
  status: number;
  code: ErrorCode | (string & Record<never, never>);
  message: string;
  details?: string | Record<string, unknown>;
  requestId?: string;
  retryAfter?: number;
}

/** The API answered, and the answer is a refusal or an error. */
export class ApiFailure extends Error {
  override readonly name = "ApiFailure";
  readonly status: number;
  /** One of the API's codes; `HTTP_<status>` when something before the API answered. */
  readonly code: ApiFailureParts["code"];
  readonly details?: string | Record<string, unknown>;
  /** The id to quote to the people who run the server. */
  readonly requestId?: string;
  /** Seconds to wait before trying again. */
  readonly retryAfter?: number;

  constructor(parts: ApiFailureParts) {
    super(parts.message);
    this.status = parts.status;
    this.code = parts.code;
    this.details = parts.details;
    this.requestId = parts.requestId;
    this.retryAfter = parts.retryAfter;
  }
}

/** No answer: name resolution, connection, TLS, a time-out, or a body that broke off. */
export class NetworkFailure extends Error {
  override readonly name = "NetworkFailure";
  /** The origin that was asked; never a path or query, which may carry a credential. */
  readonly origin: string;

  constructor(origin: string, reason: string, cause?: unknown) {
    super(`${origin} could not be reached: ${reason}`, { cause });
    this.origin = origin;
  }
}

/** An answer that is not what the contract says, such as a proxy's page or a redirect. */
export class UnreadableAnswer extends Error {
  override readonly name = "UnreadableAnswer";
  readonly status: number;
  readonly requestId?: string;

  constructor(status: number, message: string, requestId?: string, cause?: unknown) {
    super(message, { cause });
    this.status = status;
    this.requestId = requestId;
  }
}

/**
 * Reads an answer that is not a success as the failure it reports.
 * @param response any answer with a status outside 2xx; its body is consumed
 * @returns the API's own code and sentence, or `HTTP_<status>` where the body is not the API's
 */
export async function toApiFailure(response: Response): Promise<ApiFailure> {
  const body = await readObject(response);
  const text = (key: string) => typeof body[key] === "string" && body[key] ? body[key] as string : undefined;
  return new ApiFailure({
    status: response.status,
    code: text("code") ?? `HTTP_${response.status}`,
    message: text("error") ?? text("message") ?? text("msg") ?? describeStatus(response.status),
    details: asDetails(body.details),
    requestId: text("request_id") ?? response.headers.get("x-request-id") ?? undefined,
    retryAfter: typeof body.retryAfter === "number"
      ? body.retryAfter
      : parseRetryAfter(response.headers.get("retry-after")),
  });
}

/**
 * Seconds from a `Retry-After` header (RFC 9110 §10.2.3): a number of seconds or an HTTP date.
 * @returns whole seconds from now, or `undefined` when absent or unreadable
 */
export function parseRetryAfter(header: string | null, now = Date.now()): number | undefined {
  if (!header) return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header);
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now) / 1000));
}

/** What a status says that came without the API's own sentence. */
function describeStatus(status: number): string {
  if (status === 407) return "The proxy requires authentication (407)";
  if (status === 429) return "Too many requests (429)";
  if (status === 503) return "Server unavailable (503)";
  if (status === 502 || status === 504) return `Server not reachable behind its gateway (${status})`;
  return `The server answered ${status}`;
}

async function readObject(response: Response): Promise<Record<string, unknown>> {
  try {
    const body: unknown = JSON.parse(await response.text());
    return isObject(body) ? body : {};
  } catch {
    return {};
  }
}

function asDetails(value: unknown): ApiFailureParts["details"] {
  return typeof value === "string" || isObject(value) ? value : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

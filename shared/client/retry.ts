/** Tries a call again where that is safe and may help: with growing pauses, and as the server asks for. */
import { ApiFailure, NetworkFailure } from "./client_failures.ts";
import type { AnyEndpoint, CallOptions, RetryOptions } from "./client_types.ts";

const FIRST_PAUSE_MS = 400;
/** Overloaded, or something between the client and the server is; all else would answer the same again. */
const PASSING = [429, 502, 503, 504];
const SAFE_METHODS = ["GET", "PUT", "DELETE"];

/**
 * Whether sending a request twice does no more than sending it once (RFC 9110 §9.2.2), or a key says so.
 * A refusal by rate limit has done nothing: that one may always be tried again.
 */
export function isRepeatable(endpoint: AnyEndpoint, call: CallOptions = {}): boolean {
  return SAFE_METHODS.includes(endpoint.method) || call.headers?.["idempotency-key"] !== undefined;
}

/**
 * Runs work until it succeeds, fails for good, or was tried often enough.
 * @param isSafe whether the work may be done twice
 * @param signal ends a pause, and with it the tries
 * @throws what the last try threw
 */
export async function withRetries<Value>(
  work: () => Promise<Value>,
  isSafe: boolean,
  retry: RetryOptions | undefined,
  signal: AbortSignal | undefined,
): Promise<Value> {
  for (let attempt = 1;; attempt++) {
    try {
      return await work();
    } catch (error) {
      const delayMs = retry && attempt < retry.attempts ? pauseAfter(error, isSafe, attempt) : undefined;
      if (!retry || delayMs === undefined || delayMs > retry.longestPauseMs || signal?.aborted) throw error;
      retry.onPause?.(error instanceof Error ? error.message : String(error), delayMs);
      await pause(delayMs, signal);
    }
  }
}

/** Milliseconds until the next try; `undefined` where none makes sense. */
function pauseAfter(error: unknown, isSafe: boolean, attempt: number): number | undefined {
  // Spread out, so that many clients that failed together don't come back together.
  const backoffMs = FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + Math.random());
  if (error instanceof NetworkFailure) return isSafe ? backoffMs : undefined;
  if (!(error instanceof ApiFailure) || !PASSING.includes(error.status)) return undefined;
  if (error.status !== 429 && !isSafe) return undefined;
  return Math.max(backoffMs, (error.retryAfter ?? 0) * 1000);
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", stop, { once: true });
  });
}

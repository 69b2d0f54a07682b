/** A time-out for one call, told apart from an interruption and from a broken connection. */
import { ApiFailure, NetworkFailure, UnreadableAnswer } from "./client_failures.ts";

/**
 * A signal that ends with the caller's own or after a time.
 * @param signal the caller's, if any
 * @param timeoutMs longest wait in milliseconds
 * @returns the signal; `explain`, which turns what a call threw into what the caller is to see; `clear`
 */
export function limitTime(signal: AbortSignal | undefined, timeoutMs: number) {
  const controller = new AbortController();
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    controller.abort();
  }, timeoutMs);
  const forward = () => controller.abort(signal?.reason);
  if (signal?.aborted) forward();
  signal?.addEventListener("abort", forward, { once: true });
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", forward);
    },
    explain(error: unknown, baseUrl: string): unknown {
      const origin = URL.canParse(baseUrl) ? new URL(baseUrl).origin : baseUrl;
      if (timedOut) return new NetworkFailure(origin, `no answer within ${timeoutMs / 1000} s`, error);
      if (signal?.aborted) return signal.reason;
      const known = [ApiFailure, NetworkFailure, UnreadableAnswer].some((kind) => error instanceof kind);
      // What is left broke while the body was read.
      return known || !(error instanceof TypeError)
        ? error
        : new NetworkFailure(origin, reasonOf(error), error);
    },
  };
}

/** The most telling sentence of an error: runtimes hide the network's reason in `cause`. */
export function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && cause.message) return cause.message;
  return error instanceof Error ? error.message : String(error);
}

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

/** The most telling sentence of an error: runtimes hide the network's reason in `cause`, or behind the URL. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return reasonOf(error.cause);
  // The URL is left out: it is known, and a query may hold what must not be shown.
  return error.message.replace(/^error sending request for url \(\S*\): (client error \(\w+\): )?/, "") ||
    error.name;
}

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

/** What runtimes and libraries say, as a sentence that helps. */
const SENTENCES: [said: RegExp, told: string][] = [
  [
    /wrong version number|InvalidContentType|packet length too long|unexpected message|record overflow/i,
    "the server doesn't speak TLS here; try http://",
  ],
  [
    /Proxy response \(407\)|\b407\b|Proxy Authentication Required/i,
    "the proxy requires authentication (407)",
  ],
  [/Proxy response \((\d+)\)/, "the proxy refused the connection ($1)"],
  [/ENOTFOUND|EAI_AGAIN|failed to lookup address|dns error/i, "its name could not be resolved"],
  [/ECONNREFUSED|Connection refused/i, "the connection was refused"],
  [/ECONNRESET|Connection reset|other side closed|socket hang up/i, "the connection was reset"],
  [/ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|Connect Timeout/i, "the connection timed out"],
  [
    /self.signed|unable to (get local issuer|verify the first)|UnknownIssuer|SELF_SIGNED/i,
    "its certificate is from an authority this machine doesn't know; see INFRAUDIT_CA_FILE",
  ],
  [
    /certificate has expired|CERT_HAS_EXPIRED|: Expired/i,
    "its certificate has expired; or this machine's clock is wrong",
  ],
  [/not yet valid|NotValidYet/i, "its certificate is not valid yet; or this machine's clock is wrong"],
  [/ERR_TLS_CERT_ALTNAME_INVALID|NotValidForName/i, "its certificate is for another name"],
];

/** The most telling sentence of an error: runtimes hide the network's reason in `cause`, or behind the URL. */
export function reasonOf(error: unknown): string {
  const said = deepestOf(error);
  for (const [pattern, told] of SENTENCES) {
    const match = pattern.exec(said);
    if (match) return told.replace("$1", match[1] ?? "");
  }
  return said;
}

function deepestOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return deepestOf(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return deepestOf(error.cause);
  // The URL is left out: it is known, and a query may hold what must not be shown.
  const message = error.message.replace(
    /^error sending request for url \(\S*\): (client error \(\w+\): )?/,
    "",
  );
  const code = (error as { code?: unknown }).code;
  return message || (typeof code === "string" ? code : error.name);
}

/** `--debug`: every request and answer with their bodies on standard error, without any credential. */
const SECRET_HEADERS = new Set(["authorization", "apikey", "cookie"]);
const SECRET_FIELDS = new Set([
  "password",
  "token",
  "access_token",
  "refresh_token",
  "device_code",
  "subject_token",
  "key",
  "ticket",
  "secret",
  "configuration",
  "accept_url",
]);
const LONGEST_BODY = 2_000;

/**
 * Wraps `fetch` so that what goes over the wire can be followed.
 * @param say takes one line; what it shows is masked once more there
 * @param ask the `fetch` that does the work
 */
export function debugFetch(say: (line: string) => Promise<void>, ask: typeof fetch = fetch): typeof fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.searchParams.has("token")) url.searchParams.set("token", "***");
    const started = performance.now();
    await say(`> ${init?.method ?? "GET"} ${url}`);
    for (const [name, value] of new Headers(init?.headers)) {
      await say(`>   ${name}: ${SECRET_HEADERS.has(name) ? maskHeader(value) : value}`);
    }
    if (typeof init?.body === "string") await say(`>   ${maskBody(init.body)}`);
    try {
      const response = await ask(input, init);
      const tookMs = Math.round(performance.now() - started);
      const id = response.headers.get("x-request-id") ?? "none";
      await say(`< ${response.status} in ${tookMs} ms, request id ${id}`);
      return await withBodySaid(response, say);
    } catch (error) {
      await say(`< no answer after ${Math.round(performance.now() - started)} ms: ${error}`);
      throw error;
    }
  };
}

/** Says the answer's body; a stream is left to its reader. */
async function withBodySaid(response: Response, say: (line: string) => Promise<void>): Promise<Response> {
  const type = response.headers.get("content-type") ?? "";
  if (!response.body || type.startsWith("text/event-stream")) return response;
  const text = await response.clone().text();
  if (text) await say(`<   ${maskBody(text)}`);
  return response;
}

/** Keeps the scheme, which may be the very thing that is wrong. */
function maskHeader(value: string): string {
  return value.replace(/^(\w+ ).*$/s, "$1***").replace(/^(?!\w+ \*\*\*$).*$/s, "***");
}

/** JSON with the values of secret fields replaced, cut to a readable length. */
export function maskBody(text: string): string {
  try {
    const masked = JSON.stringify(JSON.parse(text), (name, value) => SECRET_FIELDS.has(name) ? "***" : value);
    return masked.length > LONGEST_BODY
      ? `${masked.slice(0, LONGEST_BODY)}… (${masked.length} characters)`
      : masked;
  } catch {
    return `(${text.length} characters that are not JSON)`;
  }
}

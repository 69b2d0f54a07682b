/** The typed client of the API: one function for every endpoint description, used by CLI and web page. */
import { findFaults } from "./answer.ts";
import { NetworkFailure, toApiFailure, UnreadableAnswer } from "./client_failures.ts";
import type {
  Answer,
  AnyEndpoint,
  CallArguments,
  CallOptions,
  Client,
  ClientOptions,
  Exchange,
  Item,
  RawInput,
} from "./client_types.ts";
import { MAX_PER_PAGE } from "../contracts/page_sizes.ts";
import { toRequestUrl } from "./request_url.ts";
import { isRepeatable, withRetries } from "./retry.ts";
import { limitTime, reasonOf } from "./time_limit.ts";

const FORM = "application/x-www-form-urlencoded";
const DEFAULT_TIMEOUT_MS = 30_000;

/**
 * Makes a client.
 * @param options where the API is, who calls, and optionally another `fetch`
 * @returns functions typed by the endpoint descriptions; a call refused with `TOKEN_EXPIRED` is repeated with
 *   a newer credential, others as `options.retry` says
 */
export function createClient(options: ClientOptions): Client {
  function exchange(endpoint: AnyEndpoint, input?: RawInput, call?: CallOptions) {
    const isSafe = isRepeatable(endpoint, call);
    return withRetries(() => exchangeOnce(endpoint, input, call), isSafe, options.retry, call?.signal);
  }
  async function exchangeOnce(endpoint: AnyEndpoint, input?: RawInput, call?: CallOptions) {
    const limit = limitTime(call?.signal, call?.timeoutMs ?? options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    try {
      const response = await send(options, endpoint, input, { ...call, signal: limit.signal });
      return await readExchange(endpoint, response);
    } catch (error) {
      throw limit.explain(error, options.baseUrl);
    } finally {
      limit.clear();
    }
  }
  async function call<E extends AnyEndpoint>(endpoint: E, ...rest: CallArguments<E>): Promise<Answer<E>> {
    const answer = await exchange(endpoint, ...(rest as [RawInput?, CallOptions?]));
    if (schemaOf(endpoint, answer.status) === endpoint.success.schema) return answer.body as Answer<E>;
    const message = `${endpoint.id} answered ${answer.status} instead of ${endpoint.success.status}`;
    throw new UnreadableAnswer(answer.status, message, answer.requestId);
  }
  async function* pages<E extends AnyEndpoint>(endpoint: E, ...rest: CallArguments<E>) {
    const [input, settings] = rest as [RawInput?, CallOptions?];
    const seen = new Set<string>();
    let cursor: string | null = null;
    do {
      const query = { per_page: MAX_PER_PAGE, ...input?.query, ...(cursor && { cursor, page: undefined }) };
      const answer = await exchange(endpoint, { ...input, query }, settings);
      yield answer.body as Answer<E>;
      cursor = (answer.body as { meta: { next_cursor: string | null } }).meta.next_cursor;
      // A server that hands out the same cursor twice would keep a script busy for ever.
      if (cursor && seen.has(cursor)) {
        throw new UnreadableAnswer(answer.status, `${endpoint.id} repeats a page`, answer.requestId);
      }
      if (cursor) seen.add(cursor);
    } while (cursor);
  }
  async function* items<E extends AnyEndpoint>(endpoint: E, ...rest: CallArguments<E>) {
    for await (const page of pages(endpoint, ...rest)) yield* (page as { data: Item<E>[] }).data;
  }
  async function open<E extends AnyEndpoint>(endpoint: E, ...rest: CallArguments<E>) {
    const [input, settings] = rest as [RawInput?, CallOptions?];
    const response = await send(options, endpoint, input, settings);
    if (!response.ok) throw await toApiFailure(response);
    const expected = endpoint.success.contentType;
    const type = response.headers.get("content-type") ?? "";
    if (!expected || type.split(";")[0]?.trim().toLowerCase() === expected) return response;
    await response.body?.cancel();
    throw new UnreadableAnswer(response.status, wrongKind(endpoint, response));
  }
  return { call, exchange, pages, items, open };
}

/** Sends one request, and once more when the credential had just expired and there is a newer one. */
async function send(
  options: ClientOptions,
  endpoint: AnyEndpoint,
  input: RawInput | undefined,
  settings: CallOptions = {},
): Promise<Response> {
  const credential = endpoint.auth === "none" ? undefined : await options.credential();
  const response = await sendOnce(options, endpoint, input, settings, credential);
  if (response.status !== 401 || !credential) return response;
  const failure = await toApiFailure(response.clone());
  if (failure.code !== "TOKEN_EXPIRED") return response;
  const newer = await options.credential(credential);
  if (!newer || newer === credential) return response;
  await response.body?.cancel();
  return await sendOnce(options, endpoint, input, settings, newer);
}

async function sendOnce(
  options: ClientOptions,
  endpoint: AnyEndpoint,
  input: RawInput | undefined,
  settings: CallOptions,
  credential: string | undefined,
): Promise<Response> {
  const url = toRequestUrl(options.baseUrl, endpoint.path, input?.params, input?.query);
  const headers = new Headers({
    accept: endpoint.success.contentType ?? "application/json",
    ...options.headers,
    ...settings.headers,
  });
  if (credential) headers.set("authorization", `Bearer ${credential}`);
  const body = toBody(endpoint, input?.body);
  if (body !== undefined) {
    headers.set("content-type", endpoint.bodyType === "form" ? FORM : "application/json");
  }
  const ask = options.fetch ?? fetch;
  let response: Response;
  try {
    // A redirect is never followed: it would carry the credential to a place the caller didn't choose.
    const init = { method: endpoint.method, headers, body, signal: settings.signal };
    response = await ask(url, { ...init, redirect: "manual" });
  } catch (error) {
    if (settings.signal?.aborted) throw settings.signal.reason;
    throw new NetworkFailure(url.origin, reasonOf(error), error);
  }
  if (response.type !== "opaqueredirect" && (response.status < 300 || response.status > 399)) return response;
  const target = response.headers.get("location");
  await response.body?.cancel();
  const there = target && URL.canParse(target, url) ? ` to ${new URL(target, url).origin}` : "";
  throw new UnreadableAnswer(
    response.status,
    `${url.origin} redirects${there}. Check the server URL or a proxy in between`,
  );
}

/** JSON, or the caller's own text where the handler reads the bytes itself: numbers keep their spelling then. */
function toBody(endpoint: AnyEndpoint, body: unknown): string | undefined {
  if (body === undefined) return undefined;
  // A form's values are texts by its schema.
  if (endpoint.bodyType === "form") return String(new URLSearchParams(body as Record<string, string>));
  return endpoint.isBodyRaw && typeof body === "string" ? body : JSON.stringify(body);
}

async function readExchange(endpoint: AnyEndpoint, response: Response): Promise<Exchange> {
  if (!response.ok) throw await toApiFailure(response);
  const { status, headers } = response;
  const requestId = headers.get("x-request-id") ?? undefined;
  const text = await response.text();
  const schema = schemaOf(endpoint, status);
  if (!schema) return { status, body: undefined, requestId, headers };
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    throw new UnreadableAnswer(status, wrongKind(endpoint, response), requestId, error);
  }
  const faults = findFaults(schema, body);
  if (faults.length === 0) return { status, body, requestId, headers };
  throw new UnreadableAnswer(status, `${endpoint.id} answered unexpectedly: ${faults.join("; ")}`, requestId);
}

/** A page of a proxy, a portal or another product stands where the API's answer should. */
function wrongKind(endpoint: AnyEndpoint, response: Response): string {
  const type = (response.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
  const kinds: Record<string, string> = {
    "text/html": "HTML",
    "text/plain": "plain text",
    "application/json": "JSON",
  };
  const what = type ? kinds[type] ?? type : "something without a content type";
  const path = response.url ? new URL(response.url).pathname : endpoint.path;
  const said = type === "application/json" && !endpoint.success.contentType ? "broken JSON" : what;
  return `The server sent ${said} for ${endpoint.method} ${path}. Check the server URL or a proxy in between`;
}

function schemaOf(endpoint: AnyEndpoint, status: number) {
  const other = endpoint.alternatives?.find((alternative) => alternative.status === status);
  return other ? other.schema : endpoint.success.schema;
}

/** The two ways to the Data API: as the caller, under row-level security, and as the service. */
import { decodeJwt } from "jose";
import { PostgrestClient } from "@supabase/postgrest-js";
import type { Database as Schema } from "./types.ts";

/** Acts with the caller's rights: Postgres decides. */
export type CallerDatabase = PostgrestClient<Schema> & {
  /** Settles when the caller is admitted: what found nothing asks this before it asks why. */
  readonly admitted: () => Promise<unknown>;
};
/** Acts with the service key, past row-level security: for admission and sign-in bookkeeping only. */
export type ServiceDatabase = PostgrestClient<Schema>;

/** Longest wait for one call to the Data API or Auth. */
export const DATABASE_TIMEOUT_MILLISECONDS = 10_000;
/** The same for a call that carries a bulk of rows, such as an import. */
export const BULK_TIMEOUT_MILLISECONDS = 60_000;
const BULK_CHARACTERS = 256 * 1024;

/**
 * A client that sends the caller's token with every query.
 * @param token asked at each query, so that a query may be built before the caller is admitted
 */
export function createCallerDatabase(
  url: string,
  publishableKey: string,
  token: () => Promise<string>,
  admitted: () => Promise<unknown>,
): CallerDatabase {
  const client = openDataApi(url, publishableKey, async (input, init = {}) => {
    const headers = new Headers(init.headers);
    headers.set("authorization", `Bearer ${await token()}`);
    return await fetchAsCaller(input, { ...init, headers });
  });
  return Object.assign(client, { admitted });
}

/**
 * A token of the functions' own that the Data API refuses says that KEY_SIGNING_JWK is no signing key of the project:
 * nothing is wrong with the caller's credential, and they must not be told so.
 */
async function fetchAsCaller(input: RequestInfo | URL, init: { headers: Headers }): Promise<Response> {
  const response = await fetchWithTimeout(input, init);
  if (response.status !== 401 || !isMinted(init.headers.get("authorization"))) return response;
  const { code } = await response.json().catch(() => ({}));
  const message = `The Data API refuses what KEY_SIGNING_JWK signs (${code}).`;
  return Response.json({ code: "SIGNING_KEY_REFUSED", message }, { status: 503 });
}

/** True for tokens of key_token.ts; no token from outside has these claims (claims.ts). */
function isMinted(authorization: string | null): boolean {
  const claims = authorization ? decodeJwt(authorization.slice("Bearer ".length)) : {};
  return "request" in claims || "api_key_id" in claims;
}

/** One a function: the client of the service key. */
export function createServiceDatabase(url: string, secretKey: string): ServiceDatabase {
  return openDataApi(url, secretKey, fetchWithTimeout, { authorization: `Bearer ${secretKey}` });
}

/** Narrower than the platform's own, so that older versions of Deno know what `init` has. */
type Fetch = (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>;

function openDataApi(url: string, apikey: string, fetch: Fetch, headers = {}) {
  // Our caller decides whether to try again: told 503 at once, not after seven seconds.
  return new PostgrestClient<Schema>(`${url}/rest/v1`, {
    headers: { apikey, ...headers },
    fetch,
    retry: false,
  });
}

/** `fetch` that gives up after {@link DATABASE_TIMEOUT_MILLISECONDS}, or later with a bulk of rows. */
export function fetchWithTimeout(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
  const isBulk = typeof init.body === "string" && init.body.length > BULK_CHARACTERS;
  const timeout = AbortSignal.timeout(isBulk ? BULK_TIMEOUT_MILLISECONDS : DATABASE_TIMEOUT_MILLISECONDS);
  return fetch(input, { ...init, signal: init.signal ? AbortSignal.any([init.signal, timeout]) : timeout });
}

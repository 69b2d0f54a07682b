/** Talks to a server that somebody named to us, and to no server within our own walls. */
import { isIP } from "node:net";
import { TRUST_PRESETS } from "../contracts/trust_policies.ts";
import { isPublicAddress } from "./public_address.ts";

/** Hosts of the providers that are known by name: public whatever a resolver says, and asked where there is none. */
const KNOWN_HOSTS: ReadonlySet<string> = new Set(
  Object.values(TRUST_PRESETS).map(({ issuer }) => new URL(issuer).hostname),
);

/** Largest document, in bytes. */
export const MAX_FOREIGN_BYTES = 64 * 1024;

type Resolve = (host: string, signal: AbortSignal) => Promise<string[]>;

export interface ForeignFetchOptions {
  /** Origins that may be plain http on this machine; for the local stack alone. */
  readonly localOrigins: readonly string[];
  /** All addresses of a name; the system's resolver where absent. */
  readonly resolve?: Resolve;
  readonly fetch?: typeof fetch;
}

/** A URL that is not asked at all; the message says why. */
export class ForeignUrlError extends Error {}

/**
 * Fetches JSON by GET, as {@link fetchForeign} does: at most {@link MAX_FOREIGN_BYTES}.
 * @throws Error with what is wrong, for the log
 */
export async function fetchForeignJson(
  url: URL,
  signal: AbortSignal,
  options: ForeignFetchOptions,
): Promise<unknown> {
  const response = await fetchForeign(url, { signal, headers: { accept: "application/json" } }, options);
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`${url.host} answered ${response.status}`);
  }
  let size = 0;
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_FOREIGN_BYTES) {
      throw new Error(`${url.host} answered more than ${MAX_FOREIGN_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  return await new Response(new Blob(chunks as BlobPart[])).json();
}

/**
 * One request: https only, no redirect followed. Every address of the name must be public. A name that changes its
 * address right after can't win anything by it: the server that answers must hold a certificate for the name.
 * The caller reads no more of the body than it wants.
 * @throws ForeignUrlError for a URL that is not asked, Error when there is no answer
 */
export async function fetchForeign(
  url: URL,
  init: RequestInit & { signal: AbortSignal },
  options: ForeignFetchOptions,
): Promise<Response> {
  if (!options.localOrigins.includes(url.origin)) {
    await assertPublic(url, options.resolve ?? resolveName, init.signal);
  }
  return await (options.fetch ?? fetch)(url, { ...init, redirect: "manual" });
}

async function assertPublic(url: URL, resolve: Resolve, signal: AbortSignal): Promise<void> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (url.protocol !== "https:") throw new ForeignUrlError(`${url.host} is not asked without encryption`);
  if (url.username || url.password) {
    throw new ForeignUrlError(`${url.host} is not asked with a password in the URL`);
  }
  if (isIP(host) !== 0) throw new ForeignUrlError(`${host} is an address, not a name`);
  if (KNOWN_HOSTS.has(host)) return;
  const addresses = await resolve(host, signal).catch((cause) => {
    throw new Error(`${host} can't be resolved`, { cause });
  });
  const inside = addresses.find((address) => !isPublicAddress(address));
  if (addresses.length === 0) throw new ForeignUrlError(`${host} has no address`);
  if (inside !== undefined) throw new ForeignUrlError(`${host} is at ${inside}, which is not public`);
}

/** @throws what the resolver says, or a TypeError where the runtime has none; a name without addresses is no fault */
async function resolveName(host: string, signal: AbortSignal): Promise<string[]> {
  const answers = await Promise.all(
    (["A", "AAAA"] as const).map((type) =>
      Deno.resolveDns(host, type, { signal }).catch((error) => {
        if (error instanceof Deno.errors.NotFound) return [];
        throw error;
      })
    ),
  );
  return answers.flat();
}

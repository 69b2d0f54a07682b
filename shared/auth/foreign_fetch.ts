/** Reads a small JSON document from a server that somebody named to us, and from no server within our own walls. */
import { isIP } from "node:net";
import { isPublicAddress } from "./public_address.ts";

/** Largest document, in bytes. */
export const MAX_FOREIGN_BYTES = 64 * 1024;

export interface ForeignFetchOptions {
  /** Origins that may be plain http on this machine; for the local stack alone. */
  readonly localOrigins: readonly string[];
  /** All addresses of a name; the system's resolver where absent. */
  readonly resolve?: (host: string) => Promise<string[]>;
  readonly fetch?: typeof fetch;
}

/**
 * Fetches JSON by GET: https only, no redirect followed, at most {@link MAX_FOREIGN_BYTES}. Every address of the name
 * must be public. A name that changes its address right after can't win anything by it: the server that answers must hold a
 * certificate for the name.
 * @throws Error with what is wrong, for the log
 */
export async function fetchForeignJson(
  url: URL,
  signal: AbortSignal,
  options: ForeignFetchOptions,
): Promise<unknown> {
  if (!options.localOrigins.includes(url.origin)) await assertPublic(url, options.resolve ?? resolveName);
  const response = await (options.fetch ?? fetch)(url, {
    signal,
    redirect: "manual",
    headers: { accept: "application/json" },
  });
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

async function assertPublic(url: URL, resolve: (host: string) => Promise<string[]>): Promise<void> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (url.protocol !== "https:") throw new Error(`${url.host} is not asked without encryption`);
  if (url.username || url.password) throw new Error(`${url.host} is not asked with a password in the URL`);
  if (isIP(host) !== 0) throw new Error(`${host} is an address, not a name`);
  const addresses = await resolve(host);
  const inside = addresses.find((address) => !isPublicAddress(address));
  if (addresses.length === 0) throw new Error(`${host} has no address`);
  if (inside !== undefined) throw new Error(`${host} is at ${inside}, which is not public`);
}

async function resolveName(host: string): Promise<string[]> {
  const answers = await Promise.all(
    (["A", "AAAA"] as const).map((type) =>
      Deno.resolveDns(host, type).catch((error) => {
        if (error instanceof Deno.errors.NotFound) return [];
        throw error;
      })
    ),
  );
  return answers.flat();
}

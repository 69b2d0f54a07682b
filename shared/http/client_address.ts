/** The client's address, as the last proxy we trust has seen it. */
import { isIP } from "node:net";

/**
 * Reads `X-Forwarded-For` from its right end, where trusted proxies append: what a client claims stands further
 * left and is never believed.
 * @param trustedHops how many proxies of ours append to the header; 0 believes nothing
 * @returns a v4 or v6 address in plain form (an IPv4-mapped one as v4), or null when unknown
 */
export function clientAddress(headers: Headers, trustedHops: number): string | null {
  if (trustedHops < 1) return null;
  const hops = headers.get("x-forwarded-for")?.split(",") ?? [];
  const address = hops.at(-trustedHops)?.trim().replace(/^\[(.+)\](?::\d+)?$/, "$1").replace(
    /^(\d+(?:\.\d+){3}):\d+$/,
    "$1",
  );
  if (!address || isIP(address) === 0 || address.includes("%")) return null;
  const mapped = /^::ffff:(\d+(?:\.\d+){3})$/i.exec(address);
  return mapped ? mapped[1]! : address;
}

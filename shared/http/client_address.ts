/** The client's address, as the last proxy we trust has seen it. */
import { createHash, timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";

/** Shown by the proxy of ours in front of the platform (deploy/): only then one hop more is believed. */
export const PROXY_SECRET_HEADER = "x-proxy-secret";

/**
 * The address of the client behind a request.
 * @param env.trustedProxyHops proxies that every request has passed, such as the platform's own
 * @param env.proxySecret what a proxy of ours shows; a request around it lacks the secret, and what it claims
 *   in `X-Forwarded-For` is not believed
 * @returns as {@link clientAddress}
 */
export function requestAddress(
  headers: Headers,
  env: { trustedProxyHops: number; proxySecret: string | undefined },
): string | null {
  const isOurs = env.proxySecret !== undefined &&
    isSame(headers.get(PROXY_SECRET_HEADER) ?? "", env.proxySecret);
  return clientAddress(headers, env.trustedProxyHops + (isOurs ? 1 : 0));
}

/** Takes as long for any two texts. */
function isSame(left: string, right: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}

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

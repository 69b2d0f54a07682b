/** Guarantee: the client's address is what a trusted proxy has seen, never what the client claims. */
import assert from "node:assert/strict";
import { clientAddress, requestAddress } from "../../shared/http/client_address.ts";

const CASES: [string, string | null, number, string | null][] = [
  ["the last hop is the one a single proxy wrote", "1.2.3.4, 203.0.113.7", 1, "203.0.113.7"],
  ["two trusted proxies look one further left", "1.2.3.4, 203.0.113.7, 10.0.0.1", 2, "203.0.113.7"],
  ["a claim further left is not believed", "127.0.0.1, 203.0.113.7", 1, "203.0.113.7"],
  ["no header is unknown", null, 1, null],
  ["fewer hops than proxies is unknown", "203.0.113.7", 2, null],
  ["no trusted proxy is unknown", "203.0.113.7", 0, null],
  ["IPv6", "2001:db8::1", 1, "2001:db8::1"],
  ["IPv6 in brackets with a port", "[2001:db8::1]:443", 1, "2001:db8::1"],
  ["IPv4 with a port", "203.0.113.7:5678", 1, "203.0.113.7"],
  ["an IPv4-mapped address is its IPv4", "::ffff:203.0.113.7", 1, "203.0.113.7"],
  ["a zone is no address", "fe80::1%eth0", 1, null],
  ["text is no address", "unknown", 1, null],
  ["an empty hop is no address", "203.0.113.7,", 1, null],
];

for (const [name, header, hops, expected] of CASES) {
  Deno.test(name, () => {
    const headers = new Headers(header === null ? {} : { "x-forwarded-for": header });
    assert.equal(clientAddress(headers, hops), expected);
  });
}

const SECRET = "s".repeat(32);
const BEHIND_OURS: [string, string | undefined, string | undefined, string | null][] = [
  ["our proxy shows the secret: what it wrote is believed", SECRET, SECRET, "203.0.113.7"],
  ["a request around our proxy: only the platform is believed", SECRET, undefined, "10.0.0.1"],
  ["a wrong secret is none", SECRET, "t".repeat(32), "10.0.0.1"],
  ["an empty secret is none", SECRET, "", "10.0.0.1"],
  ["without a proxy of ours nothing sent makes one", undefined, SECRET, "10.0.0.1"],
];
for (const [name, proxySecret, sent, expected] of BEHIND_OURS) {
  Deno.test(name, () => {
    const headers = new Headers({ "x-forwarded-for": "1.2.3.4, 203.0.113.7, 10.0.0.1" });
    if (sent !== undefined) headers.set("x-proxy-secret", sent);
    assert.equal(requestAddress(headers, { trustedProxyHops: 1, proxySecret }), expected);
  });
}

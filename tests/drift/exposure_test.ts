/** Guarantee: what a firewall opens to the whole Internet is read from each provider's own way of writing it. */
import assert from "node:assert/strict";
import {
  describePorts,
  isWholeInternet,
  openToInternet,
  sensitivePortIn,
} from "../../shared/drift/exposure.ts";
import type { JsonRecord } from "../../shared/drift/json.ts";

const RANGES: [unknown, boolean][] = [
  ["0.0.0.0/0", true],
  ["::/0", true],
  ["128.0.0.0/1", true],
  ["0.0.0.0/2", false],
  ["10.0.0.0/8", false],
  ["0.0.0.0", false],
  ["*", true],
  ["Any", true],
  ["Internet", true],
  ["internet-facing", false],
  [0, false],
  [null, false],
];

for (const [range, expected] of RANGES) {
  Deno.test(`${JSON.stringify(range)} ${expected ? "is" : "is not"} the whole Internet`, () => {
    assert.equal(isWholeInternet(range as string), expected);
  });
}

const ANY = { cidr_blocks: ["0.0.0.0/0"] };
const AWS = "aws_security_group";
const ACL = "aws_network_acl_rule";
const AZURE = "azurerm_network_security_rule";
const GOOGLE = "google_compute_firewall";
const azure = (changes: JsonRecord): JsonRecord => ({
  access: "Allow",
  direction: "Inbound",
  protocol: "Tcp",
  source_address_prefix: "*",
  destination_port_range: "22",
  ...changes,
});
const google = (changes: JsonRecord): JsonRecord => ({
  source_ranges: ["0.0.0.0/0"],
  allow: [{ protocol: "tcp", ports: ["22"] }],
  ...changes,
});

/** A configuration, and what it opens in words. */
const OPEN: [type: string, configuration: JsonRecord, words: string[]][] = [
  [AWS, { ingress: [{ protocol: "tcp", from_port: 22, to_port: 22, ...ANY }] }, ["tcp 22"]],
  [AWS, { ingress: [{ protocol: "6", from_port: "80", to_port: "81", ...ANY }] }, ["tcp 80-81"]],
  [AWS, { ingress: [{ protocol: "17", from_port: 53, to_port: 53, ipv6_cidr_blocks: ["::/0"] }] }, [
    "udp 53",
  ]],
  [AWS, { ingress: [{ protocol: "-1", from_port: 0, to_port: 0, ...ANY }] }, ["every port"]],
  [AWS, { ingress: [{ protocol: "all", from_port: 1, to_port: 2, ...ANY }] }, ["every port"]],
  [AWS, { ingress: [{ protocol: "tcp", from_port: 0, to_port: 65_535, ...ANY }] }, ["every tcp port"]],
  [AWS, { ingress: [{ protocol: "tcp", from_port: 1, to_port: 65_535, ...ANY }] }, ["tcp 1-65535"]],
  [AWS, { ingress: [{ protocol: "tcp", from_port: 0, to_port: 1024, ...ANY }] }, ["tcp 0-1024"]],
  [AWS, { ingress: [{ protocol: "tcp", from_port: 443, ...ANY }] }, ["tcp 443"]],
  [AWS, { ingress: [{ protocol: "tcp", to_port: 443, ...ANY }] }, ["tcp 0-443"]],
  [AWS, { ingress: [{ protocol: "icmp", from_port: -1, to_port: -1, ...ANY }] }, ["icmp"]],
  [AWS, { ingress: [{ protocol: "icmp", from_port: 8, to_port: -1, ...ANY }] }, ["icmp"]],
  [AWS, { ingress: [{ protocol: "50", from_port: 0, to_port: 0, ...ANY }] }, ["protocol 50"]],
  [AWS, { ingress: [{ protocol: "tcp", from_port: 22, to_port: 22, cidr_blocks: ["10.0.0.0/8"] }] }, []],
  [AWS, { ingress: [], egress: [{ protocol: "-1", ...ANY }] }, []],
  [AWS, { ingress: null }, []],
  ["aws_security_group_rule", { type: "ingress", protocol: "tcp", from_port: 22, to_port: 22, ...ANY }, [
    "tcp 22",
  ]],
  ["aws_security_group_rule", { type: "egress", protocol: "tcp", from_port: 22, to_port: 22, ...ANY }, []],
  ["aws_vpc_security_group_ingress_rule", {
    ip_protocol: "tcp",
    from_port: 22,
    to_port: 22,
    cidr_ipv4: "0.0.0.0/0",
  }, [
    "tcp 22",
  ]],
  ["aws_vpc_security_group_ingress_rule", { ip_protocol: "-1", cidr_ipv6: "::/0" }, ["every port"]],
  ["aws_vpc_security_group_egress_rule", { ip_protocol: "-1", cidr_ipv4: "0.0.0.0/0" }, []],
  [ACL, { rule_action: "allow", protocol: "tcp", from_port: 22, to_port: 22, cidr_block: "0.0.0.0/0" }, [
    "tcp 22",
  ]],
  [ACL, { rule_action: "DENY", protocol: "tcp", from_port: 22, to_port: 22, cidr_block: "0.0.0.0/0" }, []],
  [ACL, { rule_action: "allow", egress: true, protocol: "-1", cidr_block: "0.0.0.0/0" }, []],
  [ACL, { rule_action: "allow", egress: false, protocol: "-1", cidr_block: "0.0.0.0/0" }, ["every port"]],
  [AZURE, azure({}), ["tcp 22"]],
  [AZURE, azure({ access: "Deny" }), []],
  [AZURE, azure({ direction: "Outbound" }), []],
  [AZURE, azure({ source_address_prefix: "VirtualNetwork" }), []],
  [AZURE, azure({ source_address_prefix: null, source_address_prefixes: ["10.0.0.0/8", "0.0.0.0/0"] }), [
    "tcp 22",
  ]],
  [AZURE, azure({ destination_port_range: "*", protocol: "*" }), ["every port"]],
  [AZURE, azure({ destination_port_range: "*" }), ["every tcp port"]],
  [AZURE, azure({ destination_port_range: null, destination_port_ranges: ["80", "8000-8100"] }), [
    "tcp 80",
    "tcp 8000-8100",
  ]],
  ["azurerm_network_security_group", { security_rule: [azure({}), azure({ access: "Deny" })] }, ["tcp 22"]],
  [GOOGLE, google({}), ["tcp 22"]],
  [GOOGLE, google({ direction: "INGRESS", disabled: false }), ["tcp 22"]],
  [GOOGLE, google({ direction: "EGRESS" }), []],
  [GOOGLE, google({ disabled: true }), []],
  [GOOGLE, google({ source_ranges: ["10.0.0.0/8"] }), []],
  [GOOGLE, google({ source_ranges: [] }), ["tcp 22"]],
  [GOOGLE, google({ source_ranges: [], source_tags: ["web"] }), []],
  [GOOGLE, google({ source_ranges: [], source_service_accounts: ["a@example.com"] }), []],
  [GOOGLE, google({ allow: [{ protocol: "all" }] }), ["every port"]],
  [GOOGLE, google({ allow: [{ protocol: "icmp" }] }), ["icmp"]],
  [GOOGLE, google({ allow: [{ protocol: "udp", ports: ["53", "5000-5001"] }] }), ["udp 53", "udp 5000-5001"]],
  [GOOGLE, google({ allow: [{ protocol: "tcp", ports: ["ssh"] }] }), []],
];

for (const [type, configuration, words] of OPEN) {
  Deno.test(`${type} ${JSON.stringify(configuration)} opens ${words.join(", ") || "nothing"}`, () => {
    assert.deepEqual(openToInternet(type, configuration).map(describePorts), words);
  });
}

const SENSITIVE: [protocol: string, from: number, to: number, port: number | undefined][] = [
  ["tcp", 22, 22, 22],
  ["tcp", 80, 443, 135],
  ["tcp", 23, 24, 23],
  ["tcp", 5000, 5432, 5432],
  ["udp", 11_211, 11_211, 11_211],
  ["-1", 0, 65_535, 20],
  ["tcp", 443, 443, undefined],
  ["icmp", 0, 65_535, undefined],
];

for (const [protocol, from, to, port] of SENSITIVE) {
  Deno.test(`${protocol} ${from}-${to} ${port ? `has port ${port}` : "is not sensitive"}`, () => {
    assert.equal(sensitivePortIn({ protocol, from, to }), port);
  });
}

/** What a firewall-like resource lets in and out, and which ports it opens to the whole Internet. */
import { type AddressRange, isMostOfInternet, isWithin, rangeBetween, rangesOf } from "./address_range.ts";
import { openingsOfOthers } from "./firewalls_of_others.ts";
import { isRecord, type Json, type JsonRecord, member } from "./json.ts";

/** Ports that something is opened on, for one protocol. */
export interface OpenPorts {
  protocol: string;
  from: number;
  to: number;
}

/** Remote administration: FTP, SSH, Telnet, RPC, SMB, RDP, VNC, WinRM, Docker, etcd, Kubernetes. */
const ADMIN_PORTS = [
  20,
  21,
  22,
  23,
  135,
  137,
  138,
  139,
  445,
  2375,
  2376,
  2379,
  2380,
  3389,
  5500,
  5900,
  5985,
  5986,
  6443,
  10250,
];
/** Databases and caches: MSSQL, Oracle, MySQL, PostgreSQL, Redshift, CouchDB, Redis, Cassandra, Elasticsearch, memcached, MongoDB. */
const DATABASE_PORTS = [
  1433,
  1434,
  1521,
  3306,
  5432,
  5439,
  5984,
  6379,
  7000,
  7001,
  9042,
  9200,
  9300,
  11211,
  27017,
  27018,
  27019,
];
/** One protocol and port range that one source or destination is let through, or refused. */
export interface Opening extends OpenPorts {
  direction: "in" | "out";
  allows: boolean;
  /** The addresses; empty where the peer is named otherwise, such as by a group. */
  ranges: readonly AddressRange[];
  peer: string;
}

const SENSITIVE_PORTS = [...ADMIN_PORTS, ...DATABASE_PORTS];
const MAX_PORT = 65_535;
const PROTOCOLS_WITH_PORTS = ["tcp", "udp", "sctp"];

/** True for a range that is the whole Internet, or a half of it. */
export function isWholeInternet(range: Json | undefined): boolean {
  return isMostOfInternet(rangesOf(range));
}

/** The first administration or database port among the open ones. */
export function sensitivePortIn({ protocol, from, to }: OpenPorts): number | undefined {
  if (!["tcp", "udp", "-1"].includes(protocol)) return undefined;
  return SENSITIVE_PORTS.find((port) => from <= port && port <= to);
}

/** `tcp 22`, `tcp 8000-8100`, `every tcp port`, `every port`, `icmp`, `protocol 50`. */
export function describePorts({ protocol, from, to }: OpenPorts): string {
  if (protocol === "-1") return "every port";
  // Others, such as ICMP, write kinds of messages where these have ports.
  if (!PROTOCOLS_WITH_PORTS.includes(protocol)) {
    return /^\d+$/.test(protocol) ? `protocol ${protocol}` : protocol;
  }
  if (from === 0 && to === MAX_PORT) return `every ${protocol} port`;
  return `${protocol} ${from === to ? from : `${from}-${to}`}`;
}

/**
 * The ports that are open to the whole Internet, by one range or by several together.
 * @param configuration in canonical form, of a type that {@link openingsOf} understands
 */
export function openToInternet(
  type: string,
  configuration: JsonRecord,
  direction: "in" | "out" = "in",
): OpenPorts[] {
  const groups = new Map<string, { ports: OpenPorts; ranges: AddressRange[] }>();
  for (const opening of openingsOf(type, configuration)) {
    if (!opening.allows || opening.direction !== direction) continue;
    const { protocol, from, to } = opening;
    const key = `${protocol} ${from} ${to}`;
    const group = groups.get(key) ?? { ports: { protocol, from, to }, ranges: [] };
    groups.set(key, group);
    group.ranges.push(...opening.ranges);
  }
  return [...groups.values()].filter(({ ranges }) => isMostOfInternet(ranges)).map(({ ports }) => ports);
}

/** True when one opening lets everything through that the other does. */
export function isLetThrough(opening: Opening, by: Opening): boolean {
  return by.direction === opening.direction && (by.protocol === "-1" || by.protocol === opening.protocol) &&
    by.from <= opening.from && opening.to <= by.to &&
    (by.peer === opening.peer ||
      (opening.ranges.length > 0 && opening.ranges.every((range) => isWithin(range, by.ranges))));
}

const known = new WeakMap<JsonRecord, Opening[]>();

/**
 * Everything that a configuration lets through or refuses. Understands AWS security groups and their rules, network
 * ACLs, Azure security groups and rules, the firewalls of Azure's databases, Google firewalls, and those of other
 * providers.
 * @param configuration in canonical form
 */
export function openingsOf(type: string, configuration: JsonRecord): Opening[] {
  const found = known.get(configuration) ?? readOpenings(type, configuration);
  known.set(configuration, found);
  return found;
}

function readOpenings(type: string, configuration: JsonRecord): Opening[] {
  if (type.startsWith("google_compute_firewall")) return googleFirewall(configuration);
  if (/^azurerm_network_security_(group|rule)$/.test(type)) {
    const rules = type.endsWith("rule") ? [configuration] : listOf(configuration.security_rule);
    return rules.filter(isRecord).flatMap(azureRule);
  }
  if (!/^(aws|awscc|azurerm|google)_/.test(type)) return openingsOfOthers(type, configuration);
  const first = textOf(configuration.start_ip_address ?? configuration.start_ip);
  const last = textOf(configuration.end_ip_address ?? configuration.end_ip);
  if (first !== undefined && last !== undefined) {
    const ranges = rangeBetween(first, last);
    return [{ ...EVERY_PORT, direction: "in", allows: true, ranges, peer: `${first}-${last}` }];
  }
  const isEgress = configuration.type === "egress" || configuration.direction === "egress" ||
    type.endsWith("_egress_rule");
  // A rule that is a resource of its own looks like an element of `ingress`.
  if ("ingress" in configuration || "egress" in configuration && Array.isArray(configuration.egress)) {
    return [
      ...listOf(configuration.ingress).filter(isRecord).flatMap((rule) => awsRule(rule, "in")),
      ...listOf(configuration.egress).filter(isRecord).flatMap((rule) => awsRule(rule, "out")),
    ];
  }
  return awsRule(configuration, isEgress || configuration.egress === true ? "out" : "in");
}

const EVERY_PORT: OpenPorts = { protocol: "-1", from: 0, to: MAX_PORT };
const PEERS = [
  "cidr_blocks",
  "ipv6_cidr_blocks",
  "cidr_block",
  "ipv6_cidr_block",
  "cidr_ipv4",
  "cidr_ipv6",
  "cidr",
  "security_groups",
  "source_security_group_id",
  "referenced_security_group_id",
  "prefix_list_ids",
  "prefix_list_id",
];

function awsRule(rule: JsonRecord, direction: "in" | "out"): Opening[] {
  const action = textOf(rule.rule_action) ?? textOf(rule.action) ?? "";
  const peers = PEERS.flatMap((name) => listOf(member(rule, name)));
  if (rule.self === true) peers.push("self");
  return openings(awsPorts(rule), peers, direction, !/^(deny|drop|reject)$/i.test(action));
}

function awsPorts(rule: JsonRecord): OpenPorts[] {
  const protocol = protocolOf(rule.ip_protocol ?? rule.protocol);
  const [from, to] = [numberOf(rule.from_port), numberOf(rule.to_port)];
  if (protocol === "-1" || (from === undefined && to === undefined)) return [EVERY_PORT];
  return [{ protocol, from: from ?? 0, to: to ?? from ?? MAX_PORT }];
}

function azureRule(rule: JsonRecord): Opening[] {
  const isOut = /^outbound$/i.test(textOf(rule.direction) ?? "");
  const side = isOut ? "destination" : "source";
  const peers = [
    `${side}_address_prefix`,
    `${side}_address_prefixes`,
    `${side}_application_security_group_ids`,
  ]
    .flatMap((name) => listOf(member(rule, name)));
  const protocol = protocolOf(rule.protocol);
  const ports = [...listOf(rule.destination_port_range), ...listOf(rule.destination_port_ranges)]
    .flatMap((range) => portRange(protocol, range));
  return openings(ports, peers, isOut ? "out" : "in", !/^deny$/i.test(textOf(rule.access) ?? ""));
}

function googleFirewall(configuration: JsonRecord): Opening[] {
  if (configuration.disabled === true) return [];
  const isOut = textOf(configuration.direction) === "EGRESS";
  const names = isOut ? ["destination_ranges"] : ["source_ranges", "source_tags", "source_service_accounts"];
  const peers = names.flatMap((name) => listOf(configuration[name]));
  // Without ranges, tags or accounts a Google firewall rule applies to any peer.
  if (peers.length === 0) peers.push("*");
  return (["allow", "deny"] as const).flatMap((kind) => {
    const ports = listOf(configuration[kind]).filter(isRecord).flatMap((block) => {
      const protocol = protocolOf(block.protocol);
      const ranges = listOf(block.ports);
      return (ranges.length === 0 ? ["*"] : ranges).flatMap((range) => portRange(protocol, range));
    });
    return openings(ports, peers, isOut ? "out" : "in", kind === "allow");
  });
}

function openings(
  ports: readonly OpenPorts[],
  peers: readonly Json[],
  direction: "in" | "out",
  allows: boolean,
): Opening[] {
  return peers.flatMap((peer) => {
    const ranges = rangesOf(peer);
    return ports.map((range) => ({ ...range, direction, allows, ranges, peer: String(peer) }));
  });
}

function portRange(protocol: string, range: Json): OpenPorts[] {
  if (range === "*") return [{ protocol, from: 0, to: MAX_PORT }];
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(String(range));
  return match ? [{ protocol, from: Number(match[1]), to: Number(match[2] ?? match[1]) }] : [];
}

function protocolOf(value: Json | undefined): string {
  const text = String(value ?? "-1").toLowerCase();
  if (["-1", "all", "*", "any"].includes(text)) return "-1";
  return text === "6" ? "tcp" : text === "17" ? "udp" : text;
}

function numberOf(value: Json | undefined): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^\d{1,5}$/.test(value) ? Number(value) : undefined;
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function listOf(value: Json | undefined): Json[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

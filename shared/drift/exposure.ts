/** Which ports a firewall-like resource opens to the whole Internet. */
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
const SENSITIVE_PORTS = [...ADMIN_PORTS, ...DATABASE_PORTS];
const MAX_PORT = 65_535;
const PROTOCOLS_WITH_PORTS = ["tcp", "udp", "sctp"];

/** True for a range that is the whole Internet, or a half of it. */
export function isWholeInternet(range: Json | undefined): boolean {
  if (typeof range !== "string") return false;
  const text = range.trim();
  if (/^(\*|any|internet)$/i.test(text)) return true;
  const match = /^([0-9a-f.:]+)\/(\d{1,3})$/i.exec(text);
  return match !== null && Number(match[2]) <= 1;
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
 * The ports that are open to the whole Internet inwards, by what the configuration says.
 * Understands AWS security groups and their rules, network ACLs, Azure security groups and rules,
 * Google firewalls, and address lists of database and cluster endpoints.
 * @param configuration in canonical form
 */
export function openToInternet(type: string, configuration: JsonRecord): OpenPorts[] {
  if (type.startsWith("google_compute_firewall")) return googleFirewall(configuration);
  if (/^azurerm_network_security_(group|rule)$/.test(type)) {
    const rules = type.endsWith("rule") ? [configuration] : listOf(configuration.security_rule);
    return rules.filter(isRecord).flatMap(azureRule);
  }
  if (configuration.type === "egress" || type.endsWith("_egress_rule")) return [];
  // A rule that is a resource of its own looks like an element of `ingress`.
  const rules = "ingress" in configuration ? listOf(configuration.ingress) : [configuration];
  return rules.filter(isRecord).flatMap(awsRule);
}

const AWS_SOURCES = [
  "cidr_blocks",
  "ipv6_cidr_blocks",
  "cidr_block",
  "ipv6_cidr_block",
  "cidr_ipv4",
  "cidr_ipv6",
  "cidr",
];

function awsRule(rule: JsonRecord): OpenPorts[] {
  const action = textOf(rule.rule_action) ?? textOf(rule.action);
  if (action !== undefined && /^deny$/i.test(action)) return [];
  if (rule.egress === true) return [];
  const sources = AWS_SOURCES.flatMap((name) => listOf(member(rule, name)));
  if (!sources.some(isWholeInternet)) return [];
  const protocol = protocolOf(rule.ip_protocol ?? rule.protocol);
  const [from, to] = [numberOf(rule.from_port), numberOf(rule.to_port)];
  if (protocol === "-1" || (from === undefined && to === undefined)) {
    return [{ protocol: "-1", from: 0, to: MAX_PORT }];
  }
  return [{ protocol, from: from ?? 0, to: to ?? from ?? MAX_PORT }];
}

function azureRule(rule: JsonRecord): OpenPorts[] {
  if (/^deny$/i.test(textOf(rule.access) ?? "") || /^outbound$/i.test(textOf(rule.direction) ?? "")) {
    return [];
  }
  const sources = [...listOf(rule.source_address_prefix), ...listOf(rule.source_address_prefixes)];
  if (!sources.some(isWholeInternet)) return [];
  const protocol = protocolOf(rule.protocol);
  const ranges = [...listOf(rule.destination_port_range), ...listOf(rule.destination_port_ranges)];
  return ranges.flatMap((range) => portRange(protocol, range));
}

function googleFirewall(configuration: JsonRecord): OpenPorts[] {
  if (configuration.disabled === true || textOf(configuration.direction) === "EGRESS") return [];
  const sources = listOf(configuration.source_ranges);
  const narrowed = ["source_tags", "source_service_accounts"].some((name) =>
    listOf(configuration[name]).length > 0
  );
  // Without ranges, tags or accounts a Google firewall rule applies to any source.
  if (sources.length === 0 ? narrowed : !sources.some(isWholeInternet)) return [];
  return listOf(configuration.allow).filter(isRecord).flatMap((allow) => {
    const protocol = protocolOf(allow.protocol);
    const ports = listOf(allow.ports);
    return ports.length === 0
      ? portRange(protocol, "*")
      : ports.flatMap((range) => portRange(protocol, range));
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

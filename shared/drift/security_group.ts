/** Security-group rules as AWS keeps them: one protocol, one port range, one source each. */
import { isRecord, type Json, type JsonRecord } from "./json.ts";

const SOURCES = ["cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups"] as const;
const PROTOCOL_NAMES: Readonly<Record<string, string>> = { "1": "icmp", "6": "tcp", "17": "udp", all: "-1" };

/** True for an element of a security group's `ingress` or `egress`. */
export function isSecurityGroupRule(value: Json): value is JsonRecord {
  if (!isRecord(value) || !("from_port" in value) || !("to_port" in value)) return false;
  return "self" in value || SOURCES.some((source) => source in value);
}

/**
 * Splits a rule by its sources, so that one rule with two CIDRs equals two rules with one each.
 * @returns rules of the same shape, each with a single source; the rule itself where it names none
 */
export function splitRule(rule: JsonRecord): JsonRecord[] {
  const plain = Object.keys(rule).filter((name) =>
    name !== "self" && !(SOURCES as readonly string[]).includes(name)
  );
  const shared: JsonRecord = Object.fromEntries(plain.map((name) => [name, rule[name]!]));
  const protocol = String(shared.protocol ?? "-1").toLowerCase();
  shared.protocol = Object.hasOwn(PROTOCOL_NAMES, protocol) ? PROTOCOL_NAMES[protocol]! : protocol;
  if (shared.protocol === "-1") {
    // AWS ignores the ports of a rule for all protocols.
    shared.from_port = 0;
    shared.to_port = 0;
  }
  const single: JsonRecord[] = [];
  for (const source of SOURCES) {
    const value = rule[source];
    const entries = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
    for (const entry of entries) single.push({ ...shared, [source]: [entry] });
  }
  if (rule.self === true) single.push({ ...shared, self: true });
  return single.length > 0 ? single : [shared];
}

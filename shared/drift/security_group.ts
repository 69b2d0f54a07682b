/** Security-group rules as AWS keeps them: one protocol, one port range, one source each, adjacent ports joined. */
import { canonicalText, isRecord, type Json, type JsonRecord } from "./json.ts";
import { protocolName } from "./spellings.ts";

const SOURCES = ["cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups"] as const;

/**
 * Longest text, in UTF-16 units, that rules are split into; past it the sources of equal rules stay together,
 * so that a long description is not repeated for each of a thousand addresses.
 */
const MAX_SPLIT_LENGTH = 64 * 1024;

const HAS_PORTS = new Set(["tcp", "udp", "sctp"]);

/** True for an element of a security group's `ingress` or `egress`. */
export function isSecurityGroupRule(value: Json): value is JsonRecord {
  if (!isRecord(value) || !("from_port" in value) || !("to_port" in value)) return false;
  return "self" in value || SOURCES.some((source) => source in value);
}

/** What rules say beside sources and ports, with the ports of each source. */
interface Group {
  shared: JsonRecord;
  length: number;
  ports: Map<string, { source: JsonRecord; ranges: [from: number, to: number][] }>;
}

/**
 * Brings a group's rules into one form: one rule with two CIDRs equals two rules with one each, and the ports
 * 80 and 81 equal 80 to 81.
 * @param keyOf the text that two equal sources share
 * @returns rules with a single source each, unless they would be longer than {@link MAX_SPLIT_LENGTH}: then
 *   rules that differ in their sources only are one; what is no such rule stays as it is
 */
export function canonicalRules(
  list: readonly Json[],
  keyOf: (source: string, value: Json) => string,
): Json[] {
  const others: Json[] = [];
  const groups = new Map<string, Group>();
  for (const rule of list) {
    const range = isSecurityGroupRule(rule) ? portsOf(rule) : undefined;
    if (!isSecurityGroupRule(rule) || range === undefined) {
      others.push(rule);
      continue;
    }
    const shared = sharedOf(rule);
    const text = canonicalText(shared);
    const group = groups.get(text) ?? { shared, length: text.length, ports: new Map() };
    groups.set(text, group);
    for (const [key, source] of sourcesOf(rule, keyOf)) {
      const entry = group.ports.get(key) ?? { source, ranges: [] };
      group.ports.set(key, entry);
      entry.ranges.push(shared.protocol === "-1" ? [0, 0] : range);
    }
  }
  const joined = [...groups.values()].flatMap((group) =>
    [...group.ports.values()].map(({ source, ranges }) => ({
      group,
      source,
      ranges: join(ranges, HAS_PORTS.has(String(group.shared.protocol))),
    }))
  );
  const length = joined.reduce((sum, { group, ranges }) => sum + (group.length + 80) * ranges.length, 0);
  return [...others, ...(length <= MAX_SPLIT_LENGTH ? split(joined) : grouped(joined))];
}

interface Joined {
  group: Group;
  source: JsonRecord;
  ranges: [number, number][];
}

function split(rules: Joined[]): JsonRecord[] {
  return rules.flatMap(({ group, source, ranges }) =>
    ranges.map(([from_port, to_port]) => ({ ...group.shared, from_port, to_port, ...source }))
  );
}

/** Rules of the same group and ports as one, with all of their sources. */
function grouped(rules: Joined[]): JsonRecord[] {
  const found: JsonRecord[] = [];
  const places = new Map<Group, Map<string, JsonRecord>>();
  for (const { group, source, ranges } of rules) {
    const byPorts = places.get(group) ?? new Map<string, JsonRecord>();
    places.set(group, byPorts);
    for (const [from_port, to_port] of ranges) {
      const ports = `${from_port}-${to_port}`;
      let rule = byPorts.get(ports);
      if (rule === undefined) {
        rule = { ...group.shared, from_port, to_port };
        byPorts.set(ports, rule);
        found.push(rule);
      }
      for (const name of Object.keys(source)) {
        const [list, more] = [rule[name], source[name]!];
        if (Array.isArray(list) && Array.isArray(more)) list.push(...more);
        else rule[name] = Array.isArray(more) ? [...more] : more;
      }
    }
  }
  return found;
}

function sharedOf(rule: JsonRecord): JsonRecord {
  const names = Object.keys(rule).filter((name) =>
    !["self", "from_port", "to_port", ...SOURCES].includes(name) && rule[name] !== null && rule[name] !== ""
  );
  const protocol = protocolName(String(rule.protocol ?? "-1"));
  return { ...Object.fromEntries(names.map((name) => [name, rule[name]!])), protocol };
}

/** @returns `undefined` where the ports are no numbers */
function portsOf({ from_port, to_port }: JsonRecord): [number, number] | undefined {
  const [from, to] = [Number(from_port ?? 0), Number(to_port ?? 0)];
  return Number.isInteger(from) && Number.isInteger(to) ? [from, to] : undefined;
}

/** Each source with a key, once; a rule without any has the empty source. */
function sourcesOf(
  rule: JsonRecord,
  keyOf: (source: string, value: Json) => string,
): Map<string, JsonRecord> {
  const sources = new Map<string, JsonRecord>();
  for (const name of SOURCES) {
    const value = rule[name];
    const entries = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
    for (const entry of entries) sources.set(`${name} ${keyOf(name, entry)}`, { [name]: [entry] });
  }
  if (rule.self === true || rule.self === "true") sources.set("self", { self: true });
  if (sources.size === 0) sources.set("", {});
  return sources;
}

/** Each range once; of ports, overlapping and adjacent ones as one. ICMP writes types and codes in their place. */
function join(ranges: [number, number][], arePorts: boolean): [number, number][] {
  const sorted = ranges.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
  const joined: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = joined.at(-1);
    if (last !== undefined && last[0] === from && last[1] === to) continue;
    if (last !== undefined && arePorts && from <= last[1] + 1) {
      last[1] = Math.max(last[1], to);
    } else joined.push([from, to]);
  }
  return joined;
}

/** Reads what firewalls let through that are none of AWS, Azure or Google, whatever they call their fields. */
import { rangesOf } from "./address_range.ts";
import type { Opening, OpenPorts } from "./exposure.ts";
import { isRecord, type Json, type JsonRecord, member } from "./json.ts";

/** Members that hold rules, by the direction that their name says. */
const RULE_LISTS: readonly (readonly [names: RegExp, direction: Opening["direction"] | undefined])[] = [
  [/^(ingress|inbound)(_(security_)?rules?)?$/, "in"],
  [/^(egress|outbound)(_(security_)?rules?)?$/, "out"],
  [/^(rules?|security_rules?|entry|entries)$/, undefined],
];
/** Members of a resource that are about what it lets through. */
const FIREWALL_MEMBER =
  /^(ingress|egress|inbound|outbound|rules?|security_rules?|entry|entries|source|destination|dst|dest|src|remote|port|ports|from_port|to_port|(tcp|udp)_options|protocol|ip_protocol|direction|action|policy|access|type|cidr\w*|ip_(block|range|version)|ipv[46]|v[46]_cidr_blocks|subnet)(_\w+)?$/;

const MAX_PORT = 65_535;
const EVERY_PORT: OpenPorts = { protocol: "-1", from: 0, to: MAX_PORT };
const EVERYONE = "0.0.0.0/0";
const REFUSES = /^(deny|denied|drop|reject|refuse|block|disallow)/i;
const PEERS =
  /^(cidr(_ip|_ipv[46]|_blocks?|_list)?|v[46]_cidr_blocks|ipv6_cidr_blocks?|ip_(block|range|ranges)|ipv[46]|remote_(ip|ip_prefix|ips|group_id|address)|address|addresses|peer|subnet|entry)$/;
const SOURCES =
  /^(source|src)(_(ip|ips|cidr|cidr_ip|cidr_block|address|addresses|ip_address|range|ranges|group_id))?$/;
const DESTINATIONS =
  /^(destination|dest|dst)(_(ip|ips|cidr|cidr_ip|cidr_block|address|addresses|ip_address|range|ranges))?$/;
const PORTS = /^(ports?|(destination|dest|dst)_ports?(_ranges?)?|port_ranges?)$/;
const PORT_PAIRS: readonly (readonly [from: string, to: string])[] = [
  ["from_port", "to_port"],
  ["port_range_min", "port_range_max"],
  ["port_min", "port_max"],
  ["port_start", "port_end"],
  ["start_port", "end_port"],
];

/** True for a member at the top of a firewall that is about what it lets through. */
export function isFirewallMember(name: string): boolean {
  return FIREWALL_MEMBER.test(name);
}

/**
 * Everything that a firewall lets through or refuses: rules in lists (`ingress`, `inbound_rule`, `rules`), a rule that
 * is a resource of its own, rules as text (`ACCEPT#0.0.0.0/0#22#TCP`), and what holds where no rule does
 * (`inbound_policy`).
 * @param configuration in canonical form
 */
export function openingsOfOthers(type: string, configuration: JsonRecord): Opening[] {
  const found: Opening[] = [];
  let hasLists = false;
  for (const name of Object.keys(configuration)) {
    const list = RULE_LISTS.find(([names]) => names.test(name));
    const rules = list === undefined ? [] : listOf(configuration[name]!);
    if (!rules.some((rule) => isRecord(rule) || textRule(rule) !== undefined)) continue;
    hasLists = true;
    for (const rule of rules) {
      const block = isRecord(rule) ? rule : textRule(rule);
      if (block !== undefined) found.push(...openingsOfRule(block, list![1] ?? "in"));
    }
  }
  for (const [name, direction] of [["inbound_policy", "in"], ["outbound_policy", "out"]] as const) {
    const policy = textOf(configuration[name]);
    if (policy !== undefined && !REFUSES.test(policy)) {
      found.push(opening(EVERY_PORT, EVERYONE, direction, true));
    }
  }
  if (hasLists) return found;
  return [...found, ...openingsOfRule(configuration, /_(egress|outbound)(_|$)/.test(type) ? "out" : "in")];
}

function openingsOfRule(rule: JsonRecord, otherwise: Opening["direction"]): Opening[] {
  const said = textOf(rule.direction) ?? textOf(rule.type) ?? "";
  const direction = /^(egress|out)/i.test(said) ? "out" : /^(ingress|in)/i.test(said) ? "in" : otherwise;
  const action = ["rule_action", "action", "policy", "access"].map((name) => textOf(rule[name]))
    .find((text) => text !== undefined) ?? "";
  const sides = direction === "in" ? SOURCES : DESTINATIONS;
  const peers = Object.keys(rule).filter((name) => sides.test(name) || PEERS.test(name))
    .flatMap((name) => listOf(rule[name]!))
    .filter((peer) => typeof peer === "string" && peer !== "");
  return portsOf(rule).flatMap((ports) =>
    peers.map((peer) => opening(ports, String(peer), direction, !REFUSES.test(action)))
  );
}

function opening(ports: OpenPorts, peer: string, direction: Opening["direction"], allows: boolean): Opening {
  return { ...ports, direction, allows, peer, ranges: rangesOf(peer) };
}

function portsOf(rule: JsonRecord): OpenPorts[] {
  const options = ["tcp", "udp"].flatMap((protocol) =>
    listOf(rule[`${protocol}_options`] ?? null).filter(isRecord).flatMap((block) => {
      const range = member(block, "destination_port_range");
      return listOf(range ?? block).filter(isRecord)
        .flatMap(({ min, max }) => pair(protocol, min, max));
    })
  );
  if (options.length > 0) return options;
  const protocol = protocolOf(rule.protocol ?? rule.ip_protocol ?? rule.port_protocol);
  for (const [from, to] of PORT_PAIRS) {
    if (Object.hasOwn(rule, from) || Object.hasOwn(rule, to)) return pair(protocol, rule[from], rule[to]);
  }
  const texts = Object.keys(rule).filter((name) => PORTS.test(name)).flatMap((name) => listOf(rule[name]!));
  const ranges = texts.flatMap((text) => String(text).split(",")).flatMap((text) =>
    rangeOf(protocol, text.trim())
  );
  return ranges.length > 0 ? ranges : [{ ...EVERY_PORT, protocol }];
}

function pair(protocol: string, from: Json | undefined, to: Json | undefined): OpenPorts[] {
  const [first, last] = [numberOf(from), numberOf(to)];
  if (first === undefined && last === undefined) return [{ ...EVERY_PORT, protocol }];
  if ((first ?? last)! < 0) return [{ ...EVERY_PORT, protocol }];
  return [{ protocol, from: first ?? last!, to: last ?? first! }];
}

/** `22`, `22-80`, `22/22`, `-1/-1`, `all`, `*`. */
function rangeOf(protocol: string, text: string): OpenPorts[] {
  if (/^(all|any|\*|-1\/-1|-1)$/i.test(text)) return [{ ...EVERY_PORT, protocol }];
  const match = /^(\d{1,5})(?:[-/:](\d{1,5}))?$/.exec(text);
  return match === null ? [] : [{ protocol, from: Number(match[1]), to: Number(match[2] ?? match[1]) }];
}

/** `ACCEPT#0.0.0.0/0#22#TCP`, as Tencent's lite rules are written. */
function textRule(value: Json): JsonRecord | undefined {
  const parts = typeof value === "string" ? value.split("#") : [];
  if (parts.length !== 4) return undefined;
  const [action, source, port, protocol] = parts;
  return { action: action!, cidr_ip: source!, port: port!, protocol: protocol! };
}

function protocolOf(value: Json | undefined): string {
  const text = String(value ?? "-1").toLowerCase();
  if (["-1", "all", "*", "any", ""].includes(text)) return "-1";
  return text === "6" ? "tcp" : text === "17" ? "udp" : text;
}

function numberOf(value: Json | undefined): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^-?\d{1,5}$/.test(value) ? Number(value) : undefined;
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function listOf(value: Json): Json[] {
  return value === null ? [] : Array.isArray(value) ? value : [value];
}

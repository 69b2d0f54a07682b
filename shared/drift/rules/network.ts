/** Severity rules: what the network lets in from the whole Internet. */
import {
  describePorts,
  isWholeInternet,
  type OpenPorts,
  openToInternet,
  sensitivePortIn,
} from "../exposure.ts";
import { canonicalText, isRecord, type Json } from "../json.ts";
import { ranked } from "./compare.ts";
import type { Facet, Finding, Rule, Scene } from "./rule.ts";

const FIREWALL_FIELDS = new Set([
  "access",
  "allow",
  "cidr",
  "cidr_block",
  "cidr_blocks",
  "cidr_ipv4",
  "cidr_ipv6",
  "deny",
  "destination_port_range",
  "destination_port_ranges",
  "direction",
  "disabled",
  "egress",
  "from_port",
  "ingress",
  "ip_protocol",
  "ipv6_cidr_block",
  "ipv6_cidr_blocks",
  "prefix_list_id",
  "prefix_list_ids",
  "priority",
  "protocol",
  "referenced_security_group_id",
  "rule_action",
  "rule_no",
  "rule_number",
  "security_groups",
  "security_rule",
  "self",
  "source_address_prefix",
  "source_address_prefixes",
  "source_port_range",
  "source_port_ranges",
  "source_ranges",
  "source_security_group_id",
  "source_tags",
  "source_service_accounts",
  "to_port",
  "type",
]);
const FIREWALL_TYPES = /security_group|network_acl|firewall|network_security_(group|rule)/;

export const NETWORK_RULES: readonly Rule[] = [
  {
    id: "open-to-internet",
    types: FIREWALL_TYPES,
    drift_type: "security",
    control:
      "AWS FSBP EC2.18, EC2.19, EC2.21; CIS AWS 1.4 5.1, 5.2; CIS GCP 2.0 3.6, 3.7; CIS Azure 2.0 6.1, 6.2",
    judge: judgeFirewall,
  },
  {
    id: "address-list-open",
    fields: [
      "authorized_networks.value",
      "authorized_ip_ranges",
      "cidr_blocks.cidr_block",
      "ip_rules",
      "load_balancer_source_ranges",
      "public_access_cidrs",
      "api_server_authorized_ip_ranges",
    ],
    compare: opensAddresses,
    severity: "critical",
    drift_type: "security",
    weaker: "The list of allowed addresses now has the whole Internet",
    stronger: "The list of allowed addresses no longer has the whole Internet",
    control: "CIS GCP 2.0 6.5; CIS GKE 1.6 5.6.3; AWS FSBP EKS.1",
  },
  {
    id: "default-network-action",
    types: /^azurerm_/,
    fields: ["network_rules.default_action", "network_acls.default_action", "/default_action"],
    compare: ranked(["allow", "deny"]),
    severity: "high",
    drift_type: "security",
    weaker: "Networks that no rule names are now allowed in",
    stronger: "Networks that no rule names are now refused",
    control: "CIS Azure 2.0 3.8",
  },
];

function judgeFirewall({ type, change, before, after }: Scene): Finding | undefined {
  const root = change.steps[0];
  if (typeof root !== "string" || !FIREWALL_FIELDS.has(root)) return undefined;
  const [was, is] = [openToInternet(type, before), openToInternet(type, after)];
  const opened = is.filter((ports) => !isCovered(ports, was));
  if (opened.length > 0) return judgeOpened(opened);
  if (was.some((ports) => !isCovered(ports, is))) {
    return {
      direction: "stronger",
      severity: "low",
      reason: "Ports are no longer open to the whole Internet",
    };
  }
  if (root === "egress") return undefined;
  return sameButWords(change.before, change.after)
    ? { direction: "changed", severity: "low", reason: "Only descriptions of rules changed" }
    : undefined;
}

function judgeOpened(opened: OpenPorts[]): Finding {
  const worst = opened.find((ports) => sensitivePortIn(ports) !== undefined);
  if (worst !== undefined) {
    const port = sensitivePortIn(worst)!;
    const which = worst.from === worst.to ? `${port}` : `${port} among ${describePorts(worst)}`;
    return {
      direction: "weaker",
      severity: "critical",
      reason: `An administration or database port is open to the whole Internet: ${which}`,
    };
  }
  const names = opened.slice(0, 3).map(describePorts).join(", ");
  return { direction: "weaker", severity: "high", reason: `Open to the whole Internet: ${names}` };
}

/** True when ports were open already, by one range or by all of its protocol. */
function isCovered(ports: OpenPorts, by: readonly OpenPorts[]): boolean {
  return by.some((other) =>
    (other.protocol === "-1" || other.protocol === ports.protocol) && other.from <= ports.from &&
    ports.to <= other.to
  );
}

function sameButWords(before: Json | undefined, after: Json | undefined): boolean {
  if (!Array.isArray(before) || !Array.isArray(after)) return false;
  const plain = (list: Json[]) =>
    new Set(list.map((rule) => {
      if (!isRecord(rule)) return canonicalText(rule);
      const { description: _words, ...rest } = rule;
      return canonicalText(rest);
    }));
  const [a, b] = [plain(before), plain(after)];
  return a.size === b.size && [...a].every((rule) => b.has(rule));
}

function opensAddresses({ before, after }: Facet): "weaker" | "stronger" | undefined {
  const [was, is] = [before.some(isWholeInternet), after.some(isWholeInternet)];
  return was === is ? undefined : is ? "weaker" : "stronger";
}

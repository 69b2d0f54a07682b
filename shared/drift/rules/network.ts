/** Severity rules: what the network lets in and out. */
import { isMostOfInternet, rangesOf } from "../address_range.ts";
import { isWholeInternet } from "../exposure.ts";
import { firstOf, mustStay, opposite, present, ranked } from "./compare.ts";
import { CONTROLS } from "./controls.ts";
import { judgeFirewall } from "./firewall.ts";
import { isNeutral } from "./neutral.ts";
import type { Facet, Rule } from "./rule.ts";

const FIREWALL_TYPES =
  /security_?group|secgroup|security_list|network_acl|nacl|firewall|network_security_(group|rule)|access_control_group|acl_(entry|rule)|_fw_rule/;

export const NETWORK_RULES: readonly Rule[] = [
  {
    id: "open-to-internet",
    types: FIREWALL_TYPES,
    drift_type: "security",
    control: {
      aws: "AWS FSBP EC2.18, EC2.19, EC2.21; CIS AWS 1.4 5.1, 5.2",
      azure: "CIS Azure 2.0 6.1, 6.2, 6.3",
      google: "CIS GCP 2.0 3.6, 3.7",
      any: CONTROLS.boundary.any,
    },
    judge: judgeFirewall,
  },
  {
    id: "address-list-open",
    fields: [
      "authorized_networks",
      "authorized_networks.value",
      "authorized_ip_ranges",
      "cidr_blocks.cidr_block",
      "ip_rules",
      "ip_range_filter",
      "ip_block.cidr",
      "ip_restriction.ip_address",
      "load_balancer_source_ranges",
      "public_access_cidrs",
      "allowed_cidrs",
      "allowed_cidr_blocks",
      "allowed_ips",
      "api_server_authorized_ip_ranges",
      "source_ip_ranges",
      "src_ip_ranges",
      "security_ips",
      "security_ip_list",
      "white_list",
      "ip_white_list",
    ],
    compare: opensAddresses,
    severity: "high",
    severities: [[/eks|kubernetes_cluster|container_cluster/, "critical"]],
    drift_type: "security",
    weaker: "The list of allowed addresses now has the whole Internet",
    stronger: "The list of allowed addresses no longer has the whole Internet",
    control: { ...CONTROLS.boundary, google: "CIS GCP 2.0 6.5; CIS GKE 1.6 5.6.3", aws: "AWS FSBP EKS.1" },
  },
  {
    id: "address-list-longer",
    fields: [
      "authorized_networks.value",
      "authorized_ip_ranges",
      "cidr_blocks.cidr_block",
      "ip_rules",
      "ip_range_filter",
      "ip_block.cidr",
      "ip_restriction.ip_address",
      "load_balancer_source_ranges",
      "public_access_cidrs",
      "api_server_authorized_ip_ranges",
    ],
    compare: gainsAddresses,
    severity: "medium",
    drift_type: "security",
    weaker: "Further addresses are let in",
    stronger: "Fewer addresses are let in",
    control: CONTROLS.boundary,
  },
  {
    id: "address-list-removed",
    fields: [
      "public_access_cidrs",
      "api_server_authorized_ip_ranges",
      "api_server_access_profile",
      "master_authorized_networks_config",
      "network_acls",
      "network_rules",
      "network_rule_set",
      "ip_restriction",
      "ip_range_filter",
      "load_balancer_source_ranges",
      "private_cluster_config",
    ],
    compare: mustStay(),
    severity: "high",
    drift_type: "security",
    weaker: "Nothing restricts any more which addresses may reach it",
    stronger: "Some addresses only may reach it",
    control: { ...CONTROLS.boundary, google: "CIS GKE 1.6 5.6.3", azure: "CIS Azure 2.0 3.8, 8.7" },
  },
  {
    id: "default-network-action",
    types: /^azurerm_/,
    fields: ["network_rules.default_action", "network_acls.default_action", "default_action"],
    compare: ranked(["allow", "deny"], "allow"),
    severity: "high",
    drift_type: "security",
    weaker: "Networks that no rule names are now allowed in",
    stronger: "Networks that no rule names are now refused",
    control: { ...CONTROLS.boundary, azure: "CIS Azure 2.0 3.8" },
  },
  {
    id: "trusted-services-refused",
    types: /^azurerm_/,
    fields: ["bypass"],
    compare: ({ before, after }) => {
      const has = (values: readonly unknown[]) => values.includes("AzureServices");
      return has(before) && !has(after) ? "weaker" : !has(before) && has(after) ? "stronger" : undefined;
    },
    severity: "high",
    drift_type: "compliance",
    weaker: "Trusted services of Azure, such as backup, can't reach it any more",
    stronger: "Trusted services of Azure, such as backup, can reach it",
    control: { any: "CIS Azure 2.0 3.9" },
  },
  {
    id: "private-link-off",
    fields: [
      "enable_private_nodes",
      "enable_private_endpoint",
      "private_cluster_enabled",
      "endpoint_private_access",
      "private_endpoint_enabled",
      "private_link_enabled",
      "private_dns_enabled",
      "private_ip_google_access",
      "enable_private_path_for_google_cloud_services",
    ],
    compare: present(),
    severity: "medium",
    severities: [[/subnetwork/, "low"]],
    drift_type: "security",
    weaker: "It is no longer reached over private addresses alone",
    stronger: "It is reached over private addresses",
    control: { ...CONTROLS.boundary, google: "CIS GKE 1.6 5.6.5; CIS GCP 2.0 3.9", aws: "AWS FSBP EKS.1" },
  },
  {
    id: "network-policy-off",
    fields: [
      "network_policy",
      "network_policy.enabled",
      "network_policy_config",
      "network_profile.network_policy",
      "datapath_provider",
      "ip_allocation_policy",
    ],
    compare: present(),
    severity: "medium",
    severities: [[/^azurerm_/, "medium"]],
    drift_type: "security",
    weaker: "Network policies are no longer enforced between pods",
    stronger: "Network policies are enforced between pods",
    control: {
      azure: "Azure Kubernetes Service baseline: NS-1",
      google: "CIS GKE 1.6 5.6.7",
      any: CONTROLS.boundary.any,
    },
  },
  {
    id: "network-policy-switched-off",
    fields: ["network_policy_config.disabled"],
    compare: opposite(present()),
    severity: "medium",
    drift_type: "security",
    weaker: "Network policies are no longer enforced between pods",
    stronger: "Network policies are enforced between pods",
    control: { google: "CIS GKE 1.6 5.6.7", any: CONTROLS.boundary.any },
  },
  {
    id: "route-to-everywhere",
    types: /_route(_table)?$/,
    fields: [
      "route.cidr_block",
      "route.destination_cidr_block",
      "/destination_cidr_block",
      "/dest_range",
      "route.address_prefix",
      "/address_prefix",
    ],
    compare: opensAddresses,
    severity: "medium",
    drift_type: "security",
    weaker: "A route now leads to the whole Internet",
    stronger: "No route leads to the whole Internet any more",
    control: { ...CONTROLS.boundary, aws: "CIS AWS 1.4 5.4" },
  },
  {
    id: "network-policy-selector",
    types: /^kubernetes_(network_policy|manifest)/,
    drift_type: "security",
    control: CONTROLS.boundary,
    judge: ({ change }) =>
      change.steps.some((step) => step === "pod_selector" || step === "podSelector") &&
        !isNeutral({ is: change.before ?? null }, { is: change.after ?? null })
        ? {
          direction: "changed",
          severity: "medium",
          reason: "The network policy is about other pods than before",
        }
        : undefined,
  },
  {
    id: "source-check-off",
    fields: ["source_dest_check"],
    compare: firstOf(present()),
    severity: "medium",
    drift_type: "security",
    weaker: "The machine may pass on packets of others",
    stronger: "The machine may not pass on packets of others",
    control: { ...CONTROLS.boundary, aws: "AWS Security Hub EC2.180" },
  },
];

/** The texts of a list, or of the blocks in it. */
function rangesIn(values: Facet["before"]) {
  return values.flatMap((value) => rangesOf(value));
}

function opensAddresses({ before, after }: Facet): "weaker" | "stronger" | undefined {
  const [was, is] = [before, after].map((values) =>
    values.some(isWholeInternet) || isMostOfInternet(rangesIn(values))
  );
  return was === is ? undefined : is ? "weaker" : "stronger";
}

function gainsAddresses({ before, after }: Facet): "weaker" | "stronger" | undefined {
  const [was, is] = [new Set(before), new Set(after)];
  if (after.some((value) => typeof value === "string" && !was.has(value))) {
    return before.length > 0 ? "weaker" : undefined;
  }
  return before.some((value) => typeof value === "string" && !is.has(value)) && after.length > 0
    ? "stronger"
    : undefined;
}

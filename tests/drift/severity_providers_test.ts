/** Guarantee: what is weaker is judged for smaller providers too, each change both ways; the way back is low. */
import assert from "node:assert/strict";
import { detectDrifts } from "../../shared/drift/detect.ts";
import type { JsonRecord } from "../../shared/drift/json.ts";
import { type BothWays, testBothWays } from "./severity_rows.ts";

const WORLD = "0.0.0.0/0";

const ROWS: BothWays[] = [
  // What a value means
  ["alicloud_db_instance", { ssl_action: "Open" }, { ssl_action: "Close" }, "high", "any-encryption"],
  ["alicloud_db_instance", { tde_status: "Enabled" }, { tde_status: "Disabled" }, "high", "any-encryption"],
  [
    "alicloud_mongodb_instance",
    { network_type: "VPC" },
    { network_type: "Classic" },
    "medium",
    "value-private",
  ],
  [
    "azurerm_storage_sync",
    { incoming_traffic_policy: "AllowVirtualNetworksOnly" },
    { incoming_traffic_policy: "AllowAllTraffic" },
    "high",
    "any-public-value",
  ],
  [
    "google_cloudfunctions_function",
    { ingress_settings: "ALLOW_INTERNAL_ONLY" },
    { ingress_settings: "ALLOW_ALL" },
    "high",
    "any-public-value",
  ],
  [
    "aws_keyspaces_table",
    { encryption_specification: [{ type: "CUSTOMER_MANAGED_KMS_KEY" }] },
    { encryption_specification: [{ type: "AWS_OWNED_KMS_KEY" }] },
    "low",
    "value-customer-managed",
  ],
  [
    "azurerm_api_management_backend",
    { url: "https://backend.example" },
    { url: "http://backend.example" },
    "medium",
    "value-plain-http",
  ],
  [
    "panos_ipsec_crypto_profile",
    { encryptions: ["aes-256-gcm"] },
    { encryptions: ["3des"] },
    "medium",
    "value-weak-cipher",
  ],
  [
    "aws_ssm_document",
    { permissions: { account_ids: "123456789012" } },
    { permissions: { account_ids: "All" } },
    "critical",
    "shared-image-or-snapshot",
  ],
  [
    "ncloud_lb_listener",
    { tls_min_version_type: "TLSV12" },
    { tls_min_version_type: "TLSV10" },
    "high",
    "any-tls-version",
  ],
  [
    "azurerm_linux_function_app",
    { site_config: [{ minimum_tls_version: 1.2 }] },
    { site_config: [{ minimum_tls_version: 1.1 }] },
    "high",
    "tls-minimum-lowered",
  ],
  [
    "aws_transfer_server",
    { security_policy_name: "TransferSecurityPolicy-2024-01" },
    { security_policy_name: "TransferSecurityPolicy-2018-11" },
    "high",
    "any-tls-version",
  ],
  // What a name means
  [
    "yandex_compute_instance",
    { network_interface: [{ nat: false }] },
    { network_interface: [{ nat: true }] },
    "high",
    "any-address-translated",
  ],
  [
    "yandex_kubernetes_cluster",
    { master: [{ public_ip: false }] },
    { master: [{ public_ip: true }] },
    "high",
    "any-public-exposure",
  ],
  [
    "gitlab_branch_protection",
    { allow_force_push: false },
    { allow_force_push: true },
    "high",
    "any-history-rewritten",
  ],
  ["gitlab_project", { approvals_before_merge: 2 }, { approvals_before_merge: 0 }, "medium", "any-review"],
  [
    "gitlab_project",
    { push_rules: [{ prevent_secrets: true }] },
    { push_rules: [{ prevent_secrets: false }] },
    "medium",
    "any-commit-check",
  ],
  [
    "okta_app_signon_policy_rule",
    { factor_mode: "2FA" },
    { factor_mode: "1FA" },
    "high",
    "second-factor-fewer",
  ],
  [
    "oci_identity_authentication_policy",
    { password_policy: [{ is_numeric_characters_required: true }] },
    { password_policy: [{ is_numeric_characters_required: false }] },
    "medium",
    "any-character-class",
  ],
  [
    "oci_core_instance",
    { instance_options: [{ are_legacy_imds_endpoints_disabled: true }] },
    { instance_options: [{ are_legacy_imds_endpoints_disabled: false }] },
    "high",
    "any-metadata-legacy",
  ],
  [
    "alicloud_ram_account_password_policy",
    { max_login_attempts: 3 },
    { max_login_attempts: 20 },
    "medium",
    "any-attempts",
  ],
  [
    "aws_ec2_transit_gateway",
    { auto_accept_shared_attachments: "disable" },
    { auto_accept_shared_attachments: "enable" },
    "medium",
    "any-joins-by-itself",
  ],
  [
    "aws_vpc_endpoint_service",
    { acceptance_required: true },
    { acceptance_required: false },
    "medium",
    "any-consent",
  ],
  [
    "aws_sagemaker_model",
    { enable_network_isolation: true },
    { enable_network_isolation: false },
    "medium",
    "any-isolation",
  ],
  [
    "google_data_fusion_instance",
    { private_instance: true },
    { private_instance: false },
    "medium",
    "any-internal-only",
  ],
  ["panos_management_profile", { telnet: false }, { telnet: true }, "high", "any-plain-connection"],
  ["panos_zone", { zone_profile: "strict" }, {}, "medium", "any-content-guard"],
  [
    "alicloud_log_audit",
    { variable_map: { rds_enabled: "true" } },
    { variable_map: { rds_enabled: "false" } },
    "medium",
    "audited-less",
  ],
  [
    "aws_lb",
    { desync_mitigation_mode: "strictest" },
    { desync_mitigation_mode: "monitor" },
    "medium",
    "desync-mitigation",
  ],
  [
    "aws_lambda_function",
    { dead_letter_config: [{ target_arn: "arn:aws:sqs:eu-west-1:1:q" }] },
    {},
    "low",
    "any-good-practice",
  ],
  [
    "kubernetes_pod",
    { spec: { securityContext: { runAsUser: 1001 } } },
    { spec: { securityContext: { runAsUser: 0 } } },
    "medium",
    "runs-as-root",
  ],
  [
    "kubernetes_pod",
    { metadata: { annotations: { "seccomp.security.alpha.kubernetes.io/pod": "runtime/default" } } },
    { metadata: { annotations: { "seccomp.security.alpha.kubernetes.io/pod": "unconfined" } } },
    "medium",
    "annotation-obeyed",
  ],
  // Kubernetes: what holds where nothing is said
  [
    "kubernetes_pod",
    { spec: { containers: [{ name: "a", securityContext: { allowPrivilegeEscalation: false } }] } },
    { spec: { containers: [{ name: "a", securityContext: {} }] } },
    "high",
    "privilege-escalation",
  ],
  [
    "kubernetes_pod",
    { spec: { containers: [{ name: "a", securityContext: { readOnlyRootFilesystem: true } }] } },
    { spec: { containers: [{ name: "a", securityContext: { readOnlyRootFilesystem: false } }] } },
    "high",
    "writable-root",
  ],
  [
    "kubernetes_cluster_role",
    { rules: [{ apiGroups: ["apps"], resources: ["deployments"], verbs: ["get"] }] },
    { rules: [{ apiGroups: ["*"], resources: ["deployments"], verbs: ["get"] }] },
    "high",
    "kubernetes-role",
  ],
];

testBothWays(ROWS);

Deno.test("severity: what several providers write otherwise and mean the same is no danger", () => {
  const neutral: [type: string, before: JsonRecord, after: JsonRecord][] = [
    ["digitalocean_firewall", {
      inbound_rule: [{ protocol: "tcp", port_range: "443", source_addresses: [WORLD] }],
    }, {
      inbound_rule: [{ protocol: "tcp", port_range: "443", source_addresses: [WORLD] }],
      name: "another",
    }],
    ["azurerm_storage_account", { min_tls_version: "TLS1_2" }, { min_tls_version: "TLS1_2", http: {} }],
    [
      "kubernetes_pod",
      {
        spec: {
          volumeMounts: [{ name: "a", mountPath: "/a", readOnly: true }, { name: "a", mountPath: "/b" }],
        },
      },
      {
        spec: {
          volumeMounts: [{ name: "a", mountPath: "/b" }, { name: "a", mountPath: "/a", readOnly: true }],
        },
      },
    ],
    [
      "kubernetes_role",
      { rules: [{ apiGroups: [""], verbs: ["get"] }, { apiGroups: ["apps", "batch"], verbs: ["list"] }] },
      { rules: [{ apiGroups: ["batch", "apps"], verbs: ["list"] }, { apiGroups: [""], verbs: ["get"] }] },
    ],
    ["acme_cluster", { service_principal: [{ client_id: "a" }] }, {
      service_principal: [{ client_id: "a", new_switch: false }],
    }],
    ["acme_widget", { origin: "internal" }, { origin: "internal", approvals: 0, isolated: false }],
  ];
  for (const [type, before, after] of neutral) {
    const found = detectDrifts(type, { configuration: before }, { configuration: after });
    for (const drift of found) assert.equal(drift.severity, "low", drift.summary);
  }
});

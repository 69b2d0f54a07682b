/** Severity rules: resources that do nothing but protect others, and what it means when one is gone. */
import type { JsonRecord } from "../json.ts";
import { controlFor, CONTROLS, type Controls } from "./controls.ts";
import type { DriftType, Severity } from "./rule.ts";

interface VanishedRule {
  /** Unique, for tests and documentation. */
  id: string;
  /**
   * Terraform resource types, each with the attribute that names what it protects: where that is gone as well, nothing
   * is unprotected. `null` where it protects an account or more than one thing.
   */
  types: Record<string, string | null>;
  /** What the resource must have had for its going to matter, such as a deny rule among rules. */
  condition?: JsonRecord;
  severity: Severity;
  drift_type: DriftType;
  /** Why, in words. */
  reason: string;
  /** The public control or guide it follows, by provider. */
  control: Controls;
}

export const VANISHED_RULES: readonly VanishedRule[] = [
  {
    id: "public-access-block-vanished",
    types: {
      aws_s3_bucket_public_access_block: "bucket",
      aws_s3_account_public_access_block: null,
      aws_ec2_image_block_public_access: null,
      aws_ebs_snapshot_block_public_access: null,
    },
    severity: "critical",
    drift_type: "security",
    reason: "Nothing blocks public access any more",
    control: { any: "AWS FSBP S3.1, S3.8, EC2.1; CIS AWS 1.4 2.1.5" },
  },
  {
    id: "network-rules-vanished",
    types: {
      azurerm_storage_account_network_rules: "storage_account_id",
      kubernetes_network_policy: null,
      kubernetes_network_policy_v1: null,
    },
    severity: "critical",
    drift_type: "security",
    reason: "Nothing restricts who can reach it over the network any more",
    control: {
      azure: "CIS Azure 2.0 3.8",
      kubernetes: "CIS Kubernetes 1.8 5.3.2",
      any: "NIST SP 800-53 SC-7",
    },
  },
  {
    id: "encryption-vanished",
    types: {
      aws_s3_bucket_server_side_encryption_configuration: "bucket",
      aws_ebs_encryption_by_default: null,
      azurerm_mssql_server_transparent_data_encryption: "server_id",
      azurerm_storage_account_customer_managed_key: "storage_account_id",
    },
    severity: "critical",
    drift_type: "security",
    reason: "Encryption at rest is no longer configured",
    control: { ...CONTROLS.at_rest, aws: "AWS FSBP EC2.7; CIS AWS 1.4 2.1.1, 2.2.1" },
  },
  {
    id: "web-firewall-vanished",
    types: {
      aws_wafv2_web_acl_association: "resource_arn",
      aws_wafregional_web_acl_association: "resource_arn",
      aws_shield_protection: "resource_arn",
    },
    severity: "high",
    drift_type: "security",
    reason: "No firewall looks at the requests any more",
    control: { any: "AWS FSBP APIGateway.4; AWS Security Hub ELB.16" },
  },
  {
    id: "detection-vanished",
    types: {
      aws_guardduty_detector: null,
      aws_securityhub_account: null,
      aws_config_configuration_recorder: null,
      aws_inspector2_enabler: null,
      aws_accessanalyzer_analyzer: null,
      azurerm_security_center_subscription_pricing: null,
    },
    severity: "high",
    drift_type: "security",
    reason: "Nothing watches for threats or misconfiguration there any more",
    control: { ...CONTROLS.detection, aws: "AWS FSBP GuardDuty.1, Config.1; CIS AWS 1.4 3.5" },
  },
  {
    id: "logging-vanished",
    types: {
      aws_cloudtrail: null,
      aws_flow_log: "vpc_id",
      aws_s3_bucket_logging: "bucket",
      aws_wafv2_web_acl_logging_configuration: "resource_arn",
      google_project_iam_audit_config: null,
      google_logging_project_sink: null,
      google_logging_organization_sink: null,
      azurerm_monitor_diagnostic_setting: "target_resource_id",
      azurerm_network_watcher_flow_log: "target_resource_id",
      azurerm_mssql_server_extended_auditing_policy: "server_id",
    },
    severity: "high",
    drift_type: "compliance",
    reason: "Logs are no longer written",
    control: {
      ...CONTROLS.logging,
      aws: "AWS FSBP CloudTrail.1, EC2.6, S3.9; CIS AWS 1.4 3.1, 3.9",
      google: "CIS GCP 2.0 2.1, 2.2",
    },
  },
  {
    id: "recovery-vanished",
    types: {
      aws_s3_bucket_versioning: "bucket",
      aws_s3_bucket_object_lock_configuration: "bucket",
      aws_backup_selection: null,
      aws_backup_vault_lock_configuration: null,
      azurerm_management_lock: "scope",
      azurerm_backup_protected_vm: "source_vm_id",
    },
    severity: "high",
    drift_type: "compliance",
    reason: "What is overwritten or deleted can no longer be brought back",
    control: {
      ...CONTROLS.backup,
      aws: "AWS Security Hub S3.14, S3.15",
      azure: "Microsoft cloud security benchmark BR-2",
    },
  },
  {
    id: "web-acl-vanished",
    types: {
      aws_wafv2_web_acl: null,
      aws_waf_web_acl: null,
      aws_wafregional_web_acl: null,
      google_compute_security_policy: null,
      azurerm_web_application_firewall_policy: null,
      azurerm_cdn_frontdoor_firewall_policy: null,
      aws_networkfirewall_firewall: null,
      azurerm_firewall: null,
    },
    severity: "high",
    drift_type: "security",
    reason: "A firewall and all of its rules are gone",
    control: { any: "NIST SP 800-53 SC-7" },
  },
  {
    id: "deny-rule-vanished",
    types: { aws_network_acl_rule: "network_acl_id" },
    condition: { rule_action: "deny" },
    severity: "high",
    drift_type: "security",
    reason: "What this rule denied is no longer denied",
    control: { any: "AWS FSBP EC2.21; CIS AWS 1.4 5.1" },
  },
  {
    id: "deny-rule-vanished-azure",
    types: { azurerm_network_security_rule: "network_security_group_name" },
    condition: { access: "Deny" },
    severity: "high",
    drift_type: "security",
    reason: "What this rule denied is no longer denied",
    control: { any: "CIS Azure 2.0 6.1" },
  },
  {
    id: "key-vanished",
    types: {
      aws_kms_key: null,
      aws_kms_external_key: null,
      aws_kms_replica_key: null,
      google_kms_crypto_key: null,
      google_kms_key_ring: null,
      azurerm_key_vault_key: null,
      azurerm_key_vault: null,
    },
    severity: "critical",
    drift_type: "security",
    reason: "An encryption key is gone, and with it the way to read what it encrypted",
    control: { any: "NIST SP 800-53 SC-12" },
  },
  {
    id: "password-policy-vanished",
    types: {
      aws_iam_account_password_policy: null,
    },
    severity: "high",
    drift_type: "security",
    reason: "Passwords need no strength any more",
    control: { any: "AWS FSBP IAM.7; CIS AWS 1.4 1.8" },
  },
];

/** The table a row a resource type, as `apply_import` takes it to judge what is missing from a full picture. */
export const VANISHED_BY_TYPE = VANISHED_RULES.flatMap((
  { id, types, condition = null, severity, drift_type, reason, control },
) =>
  Object.entries(types).map(([resource_type, protects]) => ({
    resource_type,
    protects,
    condition,
    severity,
    drift_type,
    summary: `status: ${reason}`,
    reason,
    rule: id,
    control: controlFor(resource_type, control),
  }))
);

/** Guarantee: weakening counts by what it weakens, hardening and words are low, whatever they contain. */
import assert from "node:assert/strict";
import { detectDrifts } from "../../shared/drift/detect.ts";
import { RULES } from "../../shared/drift/rules/table.ts";
import { allow, ingress, policy, type Row, testRows } from "./severity_rows.ts";

const SG = "aws_security_group";
const sse = (algorithm: string) => ({
  server_side_encryption_configuration: [{
    rule: [{ apply_server_side_encryption_by_default: [{ sse_algorithm: algorithm }] }],
  }],
});

const ROWS: Row[] = [
  // Encryption
  ["encryption block removed", "aws_s3_bucket", sse("aws:kms"), {}, [
    "server_side_encryption_configuration",
    "high",
    "security",
  ]],
  ["encryption block added", "aws_s3_bucket", {}, sse("aws:kms"), [
    "server_side_encryption_configuration",
    "low",
    "security",
  ]],
  ["encryption weakened", "aws_s3_bucket", sse("aws:kms"), sse("AES256"), [
    "server_side_encryption_configuration.rule.apply_server_side_encryption_by_default.sse_algorithm",
    "high",
    "security",
  ]],
  ["EBS encryption off", "aws_ebs_volume", { encrypted: true }, { encrypted: false }, [
    "encrypted",
    "high",
    "security",
  ]],
  ["RDS encryption on", "aws_db_instance", {}, { storage_encrypted: true }, [
    "storage_encrypted",
    "low",
    "security",
  ]],
  ["key removed", "aws_sns_topic", { kms_master_key_id: "alias/a" }, {}, [
    "kms_master_key_id",
    "high",
    "security",
  ]],
  ["key replaced", "aws_sns_topic", { kms_master_key_id: "alias/a" }, { kms_master_key_id: "alias/b" }, [
    "kms_master_key_id",
    "medium",
    "security",
  ]],
  ["transit encryption off", "aws_elasticache_replication_group", { transit_encryption_enabled: true }, {
    transit_encryption_enabled: false,
  }, ["transit_encryption_enabled", "high", "security"]],
  ["Azure HTTP allowed", "azurerm_storage_account", {}, { https_traffic_only_enabled: false }, [
    "https_traffic_only_enabled",
    "high",
    "security",
  ]],
  ["TLS lowered, Azure", "azurerm_storage_account", { min_tls_version: "TLS1_2" }, {
    min_tls_version: "TLS1_0",
  }, ["min_tls_version", "high", "security"]],
  ["TLS raised", "azurerm_storage_account", { min_tls_version: "TLS1_0" }, { min_tls_version: "TLS1_1" }, [
    "min_tls_version",
    "low",
    "security",
  ]],
  [
    "TLS lowered, CloudFront",
    "aws_cloudfront_distribution",
    { viewer_certificate: [{ minimum_protocol_version: "TLSv1.2_2021" }] },
    { viewer_certificate: [{ minimum_protocol_version: "TLSv1" }] },
    ["viewer_certificate.minimum_protocol_version", "high", "security"],
  ],
  ["TLS lowered, load balancer", "aws_lb_listener", { ssl_policy: "ELBSecurityPolicy-TLS13-1-2-2021-06" }, {
    ssl_policy: "ELBSecurityPolicy-2016-08",
  }, ["ssl_policy", "high", "security"]],
  // Identities
  [
    "full administrator",
    "aws_iam_policy",
    policy([allow("s3:GetObject", "arn:aws:s3:::a/*")]),
    policy([allow("*", "*")]),
    ["policy", "critical", "security"],
  ],
  [
    "service wildcard",
    "aws_iam_policy",
    policy([allow("s3:GetObject", "arn:aws:s3:::a/*")]),
    policy([allow("s3:*", "arn:aws:s3:::a/*")]),
    ["policy", "high", "security"],
  ],
  [
    "privilege escalation",
    "aws_iam_role_policy",
    policy([allow("s3:GetObject", "arn:aws:s3:::a/*")]),
    policy([allow(["s3:GetObject", "iam:PassRole"], "arn:aws:s3:::a/*")]),
    ["policy", "high", "security"],
  ],
  [
    "narrowed policy",
    "aws_iam_policy",
    policy([allow("s3:*", "*")]),
    policy([allow("s3:GetObject", "arn:aws:s3:::a/*")]),
    ["policy", "low", "security"],
  ],
  [
    "deny removed",
    "aws_s3_bucket_policy",
    policy([allow("s3:GetObject", "a", { Principal: { AWS: "123456789012" } }), {
      Effect: "Deny",
      Action: "s3:*",
      Resource: "a",
      Principal: "*",
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    }]),
    policy([allow("s3:GetObject", "a", { Principal: { AWS: "123456789012" } })]),
    ["policy", "high", "security"],
  ],
  [
    "Sid renamed",
    "aws_iam_policy",
    policy([allow("s3:GetObject", "a", { Sid: "one" })]),
    policy([allow("s3:GetObject", "a", { Sid: "two" })]),
    ["policy", "low", "security"],
  ],
  ["AdministratorAccess attached", "aws_iam_role", { managed_policy_arns: [] }, {
    managed_policy_arns: ["arn:aws:iam::aws:policy/AdministratorAccess"],
  }, ["managed_policy_arns", "critical", "security"]],
  ["Google owner", "google_project_iam_member", { role: "roles/viewer" }, { role: "roles/owner" }, [
    "role",
    "critical",
    "security",
  ]],
  ["Azure owner", "azurerm_role_assignment", { role_definition_name: "Reader" }, {
    role_definition_name: "Owner",
  }, ["role_definition_name", "critical", "security"]],
  [
    "Kubernetes wildcard",
    "kubernetes_cluster_role",
    { rule: [{ verbs: ["get"], resources: ["pods"], api_groups: [""] }] },
    { rule: [{ verbs: ["*"], resources: ["pods"], api_groups: [""] }] },
    ["rule", "high", "security"],
  ],
  ["boundary removed", "aws_iam_role", { permissions_boundary: "arn:a" }, {}, [
    "permissions_boundary",
    "high",
    "security",
  ]],
  ["IMDSv1", "aws_instance", { metadata_options: [{ http_tokens: "required" }] }, {
    metadata_options: [{ http_tokens: "optional" }],
  }, ["metadata_options.http_tokens", "high", "security"]],
  // Safeguards
  ["trail stopped", "aws_cloudtrail", { enable_logging: true }, { enable_logging: false }, [
    "enable_logging",
    "high",
    "compliance",
  ]],
  ["access log removed", "aws_s3_bucket", { logging: [{ target_bucket: "logs" }] }, {}, [
    "logging",
    "medium",
    "compliance",
  ]],
  ["fewer log types", "aws_db_instance", { enabled_cloudwatch_logs_exports: ["error", "audit"] }, {
    enabled_cloudwatch_logs_exports: ["error"],
  }, ["enabled_cloudwatch_logs_exports", "medium", "compliance"]],
  ["versioning off", "aws_s3_bucket", { versioning: [{ enabled: true }] }, {
    versioning: [{ enabled: false }],
  }, ["versioning", "medium", "compliance"]],
  [
    "versioning suspended",
    "aws_s3_bucket_versioning",
    { versioning_configuration: [{ status: "Enabled" }] },
    { versioning_configuration: [{ status: "Suspended" }] },
    ["versioning_configuration.status", "medium", "compliance"],
  ],
  ["MFA delete off", "aws_s3_bucket", { versioning: [{ enabled: true, mfa_delete: true }] }, {
    versioning: [{ enabled: true }],
  }, ["versioning.mfa_delete", "medium", "security"]],
  ["backups off", "aws_db_instance", { backup_retention_period: 7 }, { backup_retention_period: 0 }, [
    "backup_retention_period",
    "medium",
    "compliance",
  ]],
  ["backups longer", "aws_db_instance", { backup_retention_period: 7 }, { backup_retention_period: 14 }, [
    "backup_retention_period",
    "low",
    "compliance",
  ]],
  ["recovery off", "aws_dynamodb_table", { point_in_time_recovery: [{ enabled: true }] }, {
    point_in_time_recovery: [{ enabled: false }],
  }, ["point_in_time_recovery", "medium", "compliance"]],
  ["deletion protection off", "aws_db_instance", { deletion_protection: true }, {
    deletion_protection: false,
  }, ["deletion_protection", "medium", "compliance"]],
  ["deletion protection on", "aws_db_instance", {}, { deletion_protection: true }, [
    "deletion_protection",
    "low",
    "compliance",
  ]],
  // Size
  ["instance type", "aws_instance", { instance_type: "t3.micro" }, { instance_type: "m5.4xlarge" }, [
    "instance_type",
    "medium",
    "configuration",
  ]],
  ["count", "aws_autoscaling_group", { desired_capacity: 2 }, { desired_capacity: 20 }, [
    "desired_capacity",
    "medium",
    "configuration",
  ]],
  // Words, and traps
  ["tag", "aws_instance", { tags: { team: "a" } }, { tags: { team: "b" } }, [
    "tags.team",
    "low",
    "configuration",
  ]],
  ["tag named as a policy", "aws_s3_bucket", { tags: { "policy-owner": "a" } }, {
    tags: { "policy-owner": "b" },
  }, ["tags.policy-owner", "low", "configuration"]],
  ["tag named as a switch", "aws_db_instance", { tags: { publicly_accessible: "false" } }, {
    tags: { publicly_accessible: "true" },
  }, ["tags.publicly_accessible", "low", "configuration"]],
  ["tag with a world range", SG, { tags: { ingress: "10.0.0.0/8" } }, { tags: { ingress: "0.0.0.0/0" } }, [
    "tags.ingress",
    "low",
    "configuration",
  ]],
  [
    "display name with all",
    "google_service_account",
    { display_name: "some" },
    { display_name: "all users" },
    ["display_name", "low", "configuration"],
  ],
  ["display name is all", "google_service_account", { display_name: "some" }, { display_name: "allUsers" }, [
    "display_name",
    "low",
    "configuration",
  ]],
  ["description with a range", SG, { description: "a" }, { description: "opens 0.0.0.0/0 on 22" }, [
    "description",
    "low",
    "configuration",
  ]],
  ["a field no rule knows", "aws_instance", { subnet_id: "a" }, { subnet_id: "b" }, [
    "subnet_id",
    "medium",
    "configuration",
  ]],
  ["an ACL by another name", "aws_elasticache_user_group", { acl_name: "x" }, { acl_name: "public-read" }, [
    "acl_name",
    "medium",
    "configuration",
  ]],
  [
    "list reordered",
    SG,
    { ingress: [...ingress(22, "10.0.0.0/8").ingress, ...ingress(443, "10.0.0.0/8").ingress] },
    { ingress: [...ingress(443, "10.0.0.0/8").ingress, ...ingress(22, "10.0.0.0/8").ingress] },
    null,
  ],
];

testRows(ROWS);

Deno.test("severity: every rule has an id of its own, a control and words", () => {
  const ids = RULES.map((rule) => rule.id);
  assert.equal(new Set(ids).size, ids.length);
  for (const rule of RULES) {
    assert.ok(rule.control.any.length > 5, rule.id);
    if ("weaker" in rule) assert.doesNotMatch(rule.weaker, /\.$/, rule.id);
  }
});

Deno.test("severity: a drift names its rule, its control and both values", () => {
  const [drift] = detectDrifts("aws_s3_bucket_public_access_block", {
    configuration: { block_public_acls: true },
  }, { configuration: { block_public_acls: false } });
  assert.deepEqual(drift, {
    field_path: "block_public_acls",
    drift_type: "security",
    severity: "high",
    summary:
      "block_public_acls: A block-public-access setting is off: ACLs or policies can now make objects public",
    reason: "A block-public-access setting is off: ACLs or policies can now make objects public",
    rule: "s3-block-public-access",
    control: "AWS FSBP S3.1, S3.8; CIS AWS 1.4 2.1.5",
    baseline_value: true,
    current_value: false,
  });
});

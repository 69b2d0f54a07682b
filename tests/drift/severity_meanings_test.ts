/** Guarantee: what a name or value means is judged in every spelling, and for types that no row names. */
import { allow, policy, type Row, testRows } from "./severity_rows.ts";

const flags = (name: string, value: string) => ({ settings: [{ database_flags: [{ name, value }] }] });

const ROWS: Row[] = [
  // Types that no row names
  ["public, unknown type", "acme_widget", { isPublic: false }, { isPublic: true }, [
    "isPublic",
    "high",
    "security",
  ]],
  ["no longer public", "acme_widget", { isPublic: true }, { isPublic: false }, [
    "isPublic",
    "low",
    "security",
  ]],
  [
    "a switch that says the opposite",
    "acme_widget",
    { public_access_blocked: true, disable_public_ip: true },
    {
      public_access_blocked: true,
      disable_public_ip: false,
    },
    ["disable_public_ip", "high", "security"],
  ],
  ["encryption, unknown type", "acme_widget", { dataEncryption: { enabled: true } }, {
    dataEncryption: { enabled: false },
  }, ["dataEncryption.enabled", "high", "security"]],
  ["encryption block gone, unknown type", "acme_widget", { disk_encryption: { mode: "xts" } }, {}, [
    "disk_encryption",
    "high",
    "security",
  ]],
  ["encryption on, unknown type", "acme_widget", { encryption_on: false }, { encryption_on: true }, [
    "encryption_on",
    "low",
    "security",
  ]],
  ["customer's key gone, unknown type", "acme_widget", { volume_kms_key: "key-1" }, {}, [
    "volume_kms_key",
    "low",
    "security",
  ]],
  ["TLS, unknown type", "acme_widget", { listenerTlsVersion: "TLSv1.3" }, { listenerTlsVersion: "TLSv1.1" }, [
    "listenerTlsVersion",
    "high",
    "security",
  ]],
  ["audit logs, unknown type", "acme_widget", { auditLogs: true }, { auditLogs: false }, [
    "auditLogs",
    "medium",
    "compliance",
  ]],
  [
    "anonymous, unknown type",
    "acme_widget",
    { allowAnonymousAccess: false },
    { allowAnonymousAccess: true },
    [
      "allowAnonymousAccess",
      "high",
      "security",
    ],
  ],
  ["halves of the Internet, unknown type", "acme_widget", { allowedIpRanges: ["10.0.0.0/8"] }, {
    allowedIpRanges: ["0.0.0.0/1", "128.0.0.0/1"],
  }, ["allowedIpRanges", "high", "security"]],
  ["backups kept shorter, unknown type", "acme_widget", { backup: { retention_days: 30 } }, {
    backup: { retention_days: 1 },
  }, ["backup.retention_days", "medium", "compliance"]],
  ["a weak word, unknown type", "acme_widget", { access_mode: "members" }, { access_mode: "everyone" }, [
    "access_mode",
    "high",
    "security",
  ]],
  ["a new setting means nothing yet", "acme_widget", {}, { colour: "red" }, [
    "colour",
    "low",
    "configuration",
  ]],
  ["a type that says what its switch is", "azurerm_network_watcher_flow_log", { enabled: true }, {
    enabled: false,
  }, ["enabled", "medium", "compliance"]],
  ["a very long name is a name", "acme_widget", { ["log_".repeat(40)]: true }, {
    ["log_".repeat(40)]: false,
  }, [
    "log_".repeat(40),
    "medium",
    "configuration",
  ]],
  // Keys and retention
  [
    "a table's own key",
    "aws_dynamodb_table",
    {
      server_side_encryption: [{ enabled: true, kms_key_arn: "arn:aws:kms:eu-west-1:123456789012:key/a" }],
    },
    { server_side_encryption: [{ enabled: true }] },
    [
      "server_side_encryption.kms_key_arn",
      "low",
      "security",
    ],
  ],
  [
    "a disk's own key",
    "google_compute_disk",
    { disk_encryption_key: [{ kms_key_self_link: "projects/p/k" }] },
    {},
    [
      "disk_encryption_key",
      "low",
      "security",
    ],
  ],
  ["the key that turns encryption on", "aws_sns_topic", { kms_master_key_id: "alias/mine" }, {}, [
    "kms_master_key_id",
    "high",
    "security",
  ]],
  ["0 days are for ever: kept shorter", "aws_cloudwatch_log_group", { retention_in_days: 0 }, {
    retention_in_days: 1,
  }, ["retention_in_days", "medium", "compliance"]],
  ["0 days are for ever: kept longer", "aws_cloudwatch_log_group", { retention_in_days: 365 }, {
    retention_in_days: 0,
  }, ["retention_in_days", "low", "compliance"]],
  // Settings that are data, and texts
  [
    "a database flag",
    "google_sql_database_instance",
    flags("log_connections", "on"),
    flags("log_connections", "off"),
    ["settings.database_flags", "medium", "security"],
  ],
  ["a server parameter", "azurerm_postgresql_configuration", { name: "log_checkpoints", value: "on" }, {
    name: "log_checkpoints",
    value: "off",
  }, ["value", "medium", "security"]],
  ["a credential in a start script", "aws_instance", { user_data: "#!/bin/sh\necho hello" }, {
    user_data: "#!/bin/sh\nexport DB_PASSWORD=correct-horse",
  }, ["user_data", "high", "security"]],
  ["a credential by reference", "aws_lambda_function", { environment: [{ variables: { A: "b" } }] }, {
    environment: [{ variables: { A: "b", DB_PASSWORD: "arn:aws:secretsmanager:eu-west-1:1:secret:a" } }],
  }, ["environment.variables.DB_PASSWORD", "low", "configuration"]],
  // Others
  ["a repository in public", "github_repository", { visibility: "private" }, { visibility: "public" }, [
    "visibility",
    "high",
    "security",
  ]],
  ["threat detection off", "aws_guardduty_detector", { enable: true }, { enable: false }, [
    "enable",
    "medium",
    "security",
  ]],
  ["a security service's lower tier", "azurerm_security_center_subscription_pricing", { tier: "Standard" }, {
    tier: "Free",
  }, ["tier", "medium", "security"]],
  ["another tier is a size", "azurerm_redis_cache", { sku_name: "Standard" }, { sku_name: "Basic" }, [
    "sku_name",
    "medium",
    "configuration",
  ]],
  [
    "a policy for everyone, by another field",
    "aws_elasticsearch_domain",
    { access_policies: policy([allow("es:ESHttpGet", "*", { Principal: { AWS: "123456789012" } })]).policy },
    { access_policies: policy([allow("es:ESHttpGet", "*", { Principal: "*" })]).policy },
    ["access_policies", "high", "security"],
  ],
  [
    "a role that everyone could assume is one's own again",
    "aws_iam_role",
    { assume_role_policy: policy([allow("sts:AssumeRole", undefined, { Principal: { AWS: "*" } })]).policy },
    {
      assume_role_policy: policy([
        allow("sts:AssumeRole", undefined, { Principal: { Service: "ec2.amazonaws.com" } }),
      ]).policy,
    },
    ["assume_role_policy", "medium", "security"],
  ],
];

testRows(ROWS);

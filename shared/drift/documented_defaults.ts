/** Defaults that the providers' documentation states: a missing field is equal to them. */
import type { Json } from "./json.ts";

type Defaults = Readonly<Record<string, Json>>;

const S3_PUBLIC_ACCESS: Defaults = {
  block_public_acls: false,
  block_public_policy: false,
  ignore_public_acls: false,
  restrict_public_buckets: false,
};

const DATABASE: Defaults = {
  auto_minor_version_upgrade: true,
  backup_retention_period: 0,
  copy_tags_to_snapshot: false,
  deletion_protection: false,
  iam_database_authentication_enabled: false,
  monitoring_interval: 0,
  multi_az: false,
  performance_insights_enabled: false,
  publicly_accessible: false,
  skip_final_snapshot: false,
  storage_encrypted: false,
};

/** Resource type → dotted field path (list indexes left out) → default. */
const DEFAULTS: Readonly<Record<string, Defaults>> = {
  aws_s3_bucket_public_access_block: S3_PUBLIC_ACCESS,
  aws_s3_account_public_access_block: S3_PUBLIC_ACCESS,
  aws_s3_bucket: {
    ...S3_PUBLIC_ACCESS,
    acl: "private",
    force_destroy: false,
    object_lock_enabled: false,
    "versioning.enabled": false,
    "versioning.mfa_delete": false,
  },
  aws_s3_bucket_versioning: { "versioning_configuration.mfa_delete": "Disabled" },
  aws_db_instance: DATABASE,
  aws_rds_cluster: { ...DATABASE, auto_minor_version_upgrade: null, backup_retention_period: 1 },
  aws_rds_cluster_instance: {
    auto_minor_version_upgrade: true,
    monitoring_interval: 0,
    publicly_accessible: false,
  },
  aws_redshift_cluster: {
    automated_snapshot_retention_period: 1,
  },
  aws_elasticache_replication_group: {
    automatic_failover_enabled: false,
    multi_az_enabled: false,
    snapshot_retention_limit: 0,
  },
  aws_instance: {
    disable_api_stop: false,
    disable_api_termination: false,
    ebs_optimized: false,
    get_password_data: false,
    hibernation: false,
    monitoring: false,
    source_dest_check: true,
    user_data_replace_on_change: false,
    "root_block_device.delete_on_termination": true,
    "ebs_block_device.delete_on_termination": true,
  },
  aws_ebs_volume: { encrypted: false, final_snapshot: false, multi_attach_enabled: false },
  aws_subnet: { assign_ipv6_address_on_creation: false, map_public_ip_on_launch: false },
  aws_security_group: { description: "Managed by Terraform", revoke_rules_on_delete: false },
  aws_lb: {
    desync_mitigation_mode: "defensive",
    drop_invalid_header_fields: false,
    enable_deletion_protection: false,
    enable_http2: true,
    idle_timeout: 60,
    internal: false,
    "access_logs.enabled": false,
  },
  aws_cloudtrail: {
    enable_log_file_validation: false,
    enable_logging: true,
    include_global_service_events: true,
    is_multi_region_trail: false,
    is_organization_trail: false,
  },
  aws_kms_key: { enable_key_rotation: false, is_enabled: true, key_usage: "ENCRYPT_DECRYPT" },
  aws_dynamodb_table: {
    billing_mode: "PROVISIONED",
    deletion_protection_enabled: false,
    stream_enabled: false,
    table_class: "STANDARD",
    "point_in_time_recovery.enabled": false,
    "server_side_encryption.enabled": false,
  },
  aws_sqs_queue: {
    content_based_deduplication: false,
    delay_seconds: 0,
    fifo_queue: false,
    max_message_size: 262144,
    message_retention_seconds: 345600,
    receive_wait_time_seconds: 0,
    visibility_timeout_seconds: 30,
  },
  aws_lambda_function: {
    memory_size: 128,
    package_type: "Zip",
    publish: false,
    reserved_concurrent_executions: -1,
    timeout: 3,
    "tracing_config.mode": "PassThrough",
  },
  aws_iam_role: { force_detach_policies: false, max_session_duration: 3600, path: "/" },
  aws_iam_user: { force_destroy: false, path: "/" },
  aws_iam_policy: { path: "/" },
  aws_eks_cluster: {
    "vpc_config.endpoint_private_access": false,
    "vpc_config.endpoint_public_access": true,
  },
  aws_efs_file_system: { encrypted: false, performance_mode: "generalPurpose" },
  google_storage_bucket: {
    force_destroy: false,
    requester_pays: false,
    storage_class: "STANDARD",
    uniform_bucket_level_access: false,
    "versioning.enabled": false,
  },
  google_compute_firewall: { direction: "INGRESS", disabled: false, priority: 1000 },
  google_compute_instance: { can_ip_forward: false, deletion_protection: false },
  google_sql_database_instance: {
    "settings.availability_type": "ZONAL",
    "settings.backup_configuration.enabled": false,
    "settings.deletion_protection_enabled": false,
    "settings.ip_configuration.ipv4_enabled": true,
  },
  azurerm_storage_account: {
    access_tier: "Hot",
    account_kind: "StorageV2",
    allow_nested_items_to_be_public: true,
    cross_tenant_replication_enabled: false,
    https_traffic_only_enabled: true,
    infrastructure_encryption_enabled: false,
    min_tls_version: "TLS1_2",
    public_network_access_enabled: true,
    shared_access_key_enabled: true,
  },
  azurerm_storage_container: { container_access_type: "private" },
  azurerm_mssql_server: { minimum_tls_version: "1.2", public_network_access_enabled: true },
  azurerm_key_vault: { public_network_access_enabled: true, soft_delete_retention_days: 90 },
  azurerm_linux_web_app: { https_only: false, public_network_access_enabled: true },
  azurerm_windows_web_app: { https_only: false, public_network_access_enabled: true },
};

/**
 * The documented default of a field.
 * @param path dotted, without list indexes
 * @returns `undefined` where the documentation names none
 */
export function documentedDefault(type: string, path: string): Json | undefined {
  if (!Object.hasOwn(DEFAULTS, type)) return undefined;
  const defaults = DEFAULTS[type]!;
  return Object.hasOwn(defaults, path) ? defaults[path] : undefined;
}

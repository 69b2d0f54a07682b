/** Tables of the semantic diff: which lists are sets, which have keys, which maps have free names. */
import { isRecord, type Json, type JsonRecord } from "./json.ts";

/** Lists of texts and numbers whose order means nothing, by their name at any depth. */
const SCALAR_SETS = new Set([
  "accounts",
  "actions",
  "aliases",
  "all_ports",
  "allowed_account_ids",
  "allowed_headers",
  "allowed_methods",
  "allowed_origins",
  "apiGroups",
  "api_groups",
  "availability_zones",
  "bypass",
  "cached_methods",
  "capabilities",
  "destination_address_prefixes",
  "destination_port_ranges",
  "dns_servers",
  "enabled_cloudwatch_logs_exports",
  "enabled_cluster_log_types",
  "enabled_metrics",
  "expose_headers",
  "groups",
  "identifiers",
  "instance_types",
  "ip_rules",
  "load_balancer_source_ranges",
  "load_balancers",
  "managed_policy_arns",
  "members",
  "network_tags",
  "node_locations",
  "not_actions",
  "not_principals",
  "not_resources",
  "oauth_scopes",
  "permissions",
  "ports",
  "prefix_list_ids",
  "principals",
  "public_access_cidrs",
  "resourceNames",
  "resource_names",
  "resources",
  "role_entity",
  "roles",
  "scopes",
  "security_groups",
  "service_account_scopes",
  "shared_accounts",
  "source_address_prefixes",
  "source_port_ranges",
  "source_ranges",
  "source_service_accounts",
  "source_tags",
  "subnets",
  "tags",
  "target_group_arns",
  "target_service_accounts",
  "target_tags",
  "usages",
  "users",
  "verbs",
  "virtual_network_subnet_ids",
  "vpc_security_groups",
  "zones",
]);
const SCALAR_SET_SUFFIX =
  /(_ids|_arns|_cidrs|_cidr_blocks|cidr_blocks|_security_groups|_subnets|_subnet_group_ids|_zones|_account_ids)$/;

/** Lists of blocks whose order means nothing, by their name at any depth. */
const BLOCK_SETS = new Set([
  "access_policy",
  "allow",
  "authorized_networks",
  "bindings",
  "cidr_blocks",
  "deny",
  "egress",
  "enabled_log",
  "grant",
  "ingress",
  "ip_restriction",
  "launch_permission",
  "master_authorized_networks",
  "security_rule",
  "tag",
  "tags",
]);

/** Further set-like lists of one resource type, by dotted path. */
const SETS_BY_TYPE: readonly (readonly [types: RegExp, paths: ReadonlySet<string>])[] = [
  [/^aws_s3_bucket$/, new Set(["lifecycle_rule", "cors_rule"])],
  [/^aws_s3_bucket_lifecycle_configuration$/, new Set(["rule"])],
  [/^aws_s3_bucket_cors_configuration$/, new Set(["cors_rule"])],
  [/^aws_(default_)?route_table$/, new Set(["route"])],
  [
    /^aws_db_parameter_group|^aws_rds_cluster_parameter_group|^aws_elasticache_parameter_group/,
    new Set(["parameter"]),
  ],
  [
    /^aws_dynamodb_table$/,
    new Set(["attribute", "global_secondary_index", "local_secondary_index", "replica"]),
  ],
  [/^aws_cloudtrail$/, new Set(["event_selector.data_resource.values"])],
  [/^google_sql_database_instance$/, new Set(["settings.database_flags"])],
  [/^google_storage_bucket$/, new Set(["lifecycle_rule", "cors"])],
  [/^kubernetes_(cluster_)?role(_v1)?$/, new Set(["rule", "rules"])],
  [/^kubernetes_(cluster_)?role_binding(_v1)?$/, new Set(["subject", "subjects"])],
];

/** Lists whose elements have a name that identifies them: compared element by element, in any order. */
const KEYED_NAMES: Readonly<Record<string, string>> = {
  container: "name",
  container_definitions: "name",
  containers: "name",
  env: "name",
  environment: "name",
  init_container: "name",
  initContainers: "name",
  secrets: "name",
  setting: "name",
  volume: "name",
  volumeMounts: "mountPath",
  volume_mount: "mount_path",
  volumes: "name",
};

/** Maps of free names: a missing map is an empty one, and every name is a field of its own. */
const FREE_MAPS = new Set(["tags", "labels", "annotations", "variables"]);

/**
 * True for a list whose order and repetitions mean nothing.
 * @param path dotted, without indexes
 * @param ofBlocks whether its elements are objects
 */
export function isSetLike(type: string, path: string, name: string, ofBlocks: boolean): boolean {
  if (ofBlocks ? BLOCK_SETS.has(name) : SCALAR_SETS.has(name) || SCALAR_SET_SUFFIX.test(name)) return true;
  return SETS_BY_TYPE.some(([types, paths]) => paths.has(path) && types.test(type));
}

/** The member that identifies a list's elements, or `undefined` for lists without one. */
export function keyOf(name: string): string | undefined {
  return Object.hasOwn(KEYED_NAMES, name) ? KEYED_NAMES[name] : undefined;
}

/** True for a map of tags, labels and the like: free names, plain values. */
export function isFreeMap(name: string, value: Json): value is JsonRecord {
  if (!FREE_MAPS.has(name) || !isRecord(value)) return false;
  return Object.values(value).every((entry) => entry === null || typeof entry !== "object");
}

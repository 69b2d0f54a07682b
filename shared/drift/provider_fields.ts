/** Where each provider keeps a resource's identity, name, region and tags. */
import { isRecord, type Json, type JsonRecord, member } from "./json.ts";
import type { ImportedResource } from "./imported_resource.ts";

const MAX_TAGS = 100;

/** Types whose `arn` or `id` is the one of the resource they belong to. */
const BORROWS_IDENTITY =
  /(_attachment|_association|_policy|_version|_network_rules|_customer_managed_key|_iam_member|_iam_binding|_iam_audit_config)(_v1)?$/;
const OWN_POLICY =
  /^(aws_iam_policy|aws_organizations_policy|azurerm_policy_\w+|google_compute_security_policy)$/;

/**
 * What names a resource in its provider: the ARN, the full Azure or Google id, the Kubernetes uid;
 * else the type and the id, since an id alone is only unique within its type.
 */
export function externalId({ type, provider, values, address }: ImportedResource): string {
  const own = !BORROWS_IDENTITY.test(type) || OWN_POLICY.test(type);
  const id = text(values.id);
  const arn = text(values.arn);
  if (own && arn !== undefined) return arn;
  if (provider === "kubernetes") return kubernetesId(type, values, id ?? address);
  if (
    own && id !== undefined && /^(\/subscriptions\/|\/providers\/|projects\/|organizations\/|arn:)/.test(id)
  ) {
    return id;
  }
  return `${type}:${id ?? address}`;
}

function kubernetesId(type: string, values: JsonRecord, fallback: string): string {
  const object = isRecord(values.object)
    ? values.object
    : isRecord(values.manifest)
    ? values.manifest
    : values;
  const metadata = block(object.metadata);
  const uid = text(metadata?.uid);
  const name = text(metadata?.name);
  const path = [text(object.kind), text(metadata?.namespace), name].filter(Boolean).join("/") || fallback;
  return uid === undefined ? `${type}:${path}` : `${type}:${path}@${uid}`;
}

const NAME_FIELDS = [
  "name",
  "bucket",
  "function_name",
  "identifier",
  "cluster_identifier",
  "replication_group_id",
  "domain_name",
  "cluster_name",
  "db_cluster_identifier",
  "display_name",
  "role",
  "account_id",
];

/** What people call the resource: its name field or `Name` tag; its Terraform address where it has none. */
export function displayName({ provider, values, address }: ImportedResource): string {
  if (provider === "kubernetes") {
    const object = isRecord(values.object)
      ? values.object
      : isRecord(values.manifest)
      ? values.manifest
      : values;
    return text(block(object.metadata)?.name) ?? address;
  }
  const named = text(values.name) ?? text(tagsOf({ provider, values })["Name"]);
  if (named !== undefined) return named;
  for (const field of NAME_FIELDS) {
    const value = text(values[field]);
    if (value !== undefined) return value;
  }
  return address;
}

/** The region or location, lower case; `null` where the resource has none (global, Kubernetes). */
export function regionOf(
  { provider, values }: Pick<ImportedResource, "provider" | "values">,
): string | null {
  if (provider === "kubernetes") return null;
  const direct = text(values.region) ?? text(values.location);
  if (direct !== undefined) return direct.toLowerCase().replaceAll(" ", "").split("/").at(-1)!;
  const zone = text(values.availability_zone) ?? text(values.zone);
  if (zone !== undefined) {
    return zone.split("/").at(-1)!.replace(provider === "aws" ? /[a-z]$/ : /-[a-z]$/, "");
  }
  const arn = /^arn:[^:]+:[^:]+:([^:]+):/.exec(text(values.arn) ?? "")?.[1];
  if (arn !== undefined) return arn;
  const path = /\/(?:regions|zones|locations)\/([^/]+)/.exec(text(values.id) ?? text(values.self_link) ?? "")
    ?.[1];
  return path === undefined ? null : path.replace(/(\d)-[a-z]$/, "$1");
}

/** Tags or labels by their final values (`tags_all`, `effective_labels`), at most 100. */
export function tagsOf(
  { provider, values }: Pick<ImportedResource, "provider" | "values">,
): Record<string, string> {
  const source = provider === "google"
    ? values.effective_labels ?? values.labels
    : provider === "kubernetes"
    ? block(values.metadata)?.labels
    : values.tags_all ?? values.tags ?? values.tag ?? values.labels;
  return textMap(source ?? null);
}

/** A stopped machine is `stopped`; everything else that a state lists is `active`. */
export function statusOf({ values }: Pick<ImportedResource, "values">): "active" | "stopped" {
  const state = text(values.instance_state) ?? text(values.current_status) ?? text(values.status);
  return state !== undefined && /^(stopped|stopping|terminated|suspended)$/i.test(state)
    ? "stopped"
    : "active";
}

function textMap(source: Json): Record<string, string> {
  const pairs: [string, string][] = [];
  if (isRecord(source)) {
    for (const name of Object.keys(source)) {
      const value = source[name];
      if (value !== null && typeof value !== "object") pairs.push([name, String(value)]);
    }
  } else if (Array.isArray(source)) {
    for (const item of source) {
      const name = isRecord(item) ? text(member(item, "key")) : undefined;
      const value = isRecord(item) ? member(item, "value") : undefined;
      if (name !== undefined && value !== null && typeof value !== "object") {
        pairs.push([name, String(value)]);
      }
    }
  }
  const kept = pairs.filter(([name]) => name.trim() !== "" && name !== "__proto__").slice(0, MAX_TAGS);
  return Object.fromEntries(
    kept.map(([name, value]) => [cut(name.trim(), 256), cut(value, 1024)]),
  );
}

/** Cuts a text without leaving half a character behind. */
function cut(value: string, length: number): string {
  return value.length > length ? value.slice(0, length).toWellFormed() : value;
}

/** A nested block: Terraform prints it as a list of one. */
function block(value: Json | undefined): JsonRecord | undefined {
  if (Array.isArray(value)) return isRecord(value[0]) ? value[0] : undefined;
  return isRecord(value) ? value : undefined;
}

function text(value: Json | undefined): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}

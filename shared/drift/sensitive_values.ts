/** Takes sensitive values out of a configuration before anything else sees it. */
import { canonicalText, isRecord, type Json, type JsonRecord } from "./json.ts";
import { type KeyedHash, MASK_PREFIX } from "./keyed_hash.ts";

/** A path to a sensitive value: member names and list indexes. */
export type SensitivePath = readonly (string | number)[];

/**
 * Attributes that the providers' schemas mark sensitive. A raw state only lists what the
 * configuration marked, and a pipeline's array marks nothing, so they are masked by name.
 */
const SECRET_NAMES = new Set([
  "access_token",
  "admin_password",
  "administrator_login_password",
  "auth_token",
  "client_key",
  "client_secret",
  "connection_string",
  "kube_admin_config",
  "kube_admin_config_raw",
  "kube_config",
  "kube_config_raw",
  "master_password",
  "master_user_password",
  "password",
  "primary_access_key",
  "primary_blob_connection_string",
  "primary_connection_string",
  "primary_shared_key",
  "private_key",
  "private_key_openssh",
  "private_key_pem",
  "private_key_pem_pkcs8",
  "refresh_token",
  "root_password",
  "sas_token",
  "secondary_access_key",
  "secondary_blob_connection_string",
  "secondary_connection_string",
  "secondary_shared_key",
  "secret_access_key",
  "secret_binary",
  "secret_data",
  "secret_string",
  "ses_smtp_password_v4",
]);

/** Members that are secret in one resource type only. */
const SECRET_BY_TYPE: Record<string, readonly string[]> = {
  aws_iam_access_key: ["secret", "encrypted_secret"],
  kubernetes_secret: ["data", "binary_data"],
  kubernetes_secret_v1: ["data", "binary_data"],
  random_password: ["result", "bcrypt_hash"],
};

/** Shortest marked text, in UTF-16 units, that is also masked where it is repeated. */
const MIN_REPEATED_SECRET = 6;

/**
 * Replaces sensitive values by keyed hashes.
 * @param type resource type, for names that are secret in one type only
 * @param values the configuration; not changed
 * @param paths what the state marks
 * @param context names the resource in the hash
 * @returns a copy in which every marked or known-secret value is one string
 */
export function maskSensitive(
  type: string,
  values: JsonRecord,
  paths: readonly SensitivePath[],
  context: string,
  hash: KeyedHash,
): JsonRecord {
  const marks = new Set(paths.map((path) => JSON.stringify(path)));
  const byType = SECRET_BY_TYPE[type] ?? [];
  const isMarked = (node: Json, path: (string | number)[]): boolean => {
    const name = path.at(-1);
    if (name === undefined || node === null) return false;
    if (typeof node === "string" && node.startsWith(MASK_PREFIX)) return false;
    if (marks.size > 0 && marks.has(JSON.stringify(path))) return true;
    if (typeof name !== "string" || isEmptyOrFlag(node)) return false;
    return SECRET_NAMES.has(name) || (path.length === 1 && byType.includes(name));
  };
  const secrets = textsWhere(values, isMarked);
  const copy = (node: Json, path: (string | number)[]): Json => {
    if (isMarked(node, path) || (typeof node === "string" && secrets.has(node))) {
      const text = typeof node === "string" ? node : canonicalText(node);
      return hash(`${context} ${JSON.stringify(path)}`, text);
    }
    if (node === null || typeof node !== "object") return node;
    if (Array.isArray(node)) return node.map((child, index) => copy(child, [...path, index]));
    return Object.fromEntries(Object.keys(node).map((name) => [name, copy(node[name]!, [...path, name])]));
  };
  return copy(values, []) as JsonRecord;
}

/**
 * The texts at and below marked places. Terraform marks an input but not the output that repeats it,
 * so a marked text is masked wherever the resource has it; very short ones would match by accident.
 */
function textsWhere(values: JsonRecord, isMarked: (node: Json, path: (string | number)[]) => boolean) {
  const texts = new Set<string>();
  const visit = (node: Json, path: (string | number)[], isWithin: boolean): void => {
    const marked = isWithin || isMarked(node, path);
    if (typeof node === "string" && marked && node.length >= MIN_REPEATED_SECRET) texts.add(node);
    if (node === null || typeof node !== "object") return;
    if (Array.isArray(node)) node.forEach((child, index) => visit(child, [...path, index], marked));
    else for (const name of Object.keys(node)) visit(node[name]!, [...path, name], marked);
  };
  visit(values, [], false);
  return texts;
}

function isEmptyOrFlag(node: Json): boolean {
  if (typeof node === "boolean" || node === "") return true;
  if (Array.isArray(node)) return node.length === 0;
  return isRecord(node) && Object.keys(node).length === 0;
}

/**
 * The paths that `terraform show -json` marks: `sensitive_values` mirrors `values` with `true` where
 * a value is sensitive (a whole block may be `true`).
 */
export function pathsOfShow(sensitive: Json | undefined): SensitivePath[] {
  const paths: SensitivePath[] = [];
  const visit = (node: Json, path: (string | number)[]): void => {
    if (node === true && path.length > 0) paths.push(path);
    else if (Array.isArray(node)) node.forEach((child, index) => visit(child, [...path, index]));
    else if (isRecord(node)) { for (const name of Object.keys(node)) visit(node[name]!, [...path, name]); }
  };
  if (sensitive !== undefined) visit(sensitive, []);
  return paths;
}

/**
 * The paths that a raw state marks: `sensitive_attributes` is a list of paths of steps
 * `{"type":"get_attr","value":"name"}` and `{"type":"index","value":{"value":0,"type":"number"}}`.
 */
export function pathsOfState(attributes: Json | undefined): SensitivePath[] {
  if (!Array.isArray(attributes)) return [];
  return attributes.flatMap((path): SensitivePath[] => {
    if (typeof path === "string") return [[path]];
    if (!Array.isArray(path)) return [];
    return [path.flatMap((step): (string | number)[] => {
      if (!isRecord(step)) return [];
      const value = isRecord(step.value) ? step.value.value : step.value;
      return typeof value === "string" || typeof value === "number" ? [value] : [];
    })];
  });
}

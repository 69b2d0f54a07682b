/** Brings attributes of other tools into Terraform's spelling, so that one set of rules knows them. */
import { isRecord, type Json, type JsonRecord } from "./json.ts";

/** Maps whose names are the user's own. */
const FREE_NAMES =
  /^(?:tags|tagsAll|Tags|labels|Labels|annotations|metadata|variables|Variables|environmentVariables|parameters|Parameters|defaultTags|appSettings|settings|dockerLabels|DockerLabels|data|stringData|binaryData)$/;

/**
 * `BlockPublicAcls`, `blockPublicAcls` → `block_public_acls`, at every depth; the names of tags, labels, environment
 * variables and policies stay.
 */
export function inTerraformSpelling(values: JsonRecord): JsonRecord {
  return convert(values) as JsonRecord;
}

function convert(value: Json): Json {
  if (Array.isArray(value)) return value.map(convert);
  if (!isRecord(value)) return value;
  // A policy's grammar has its own capitals.
  if (Object.hasOwn(value, "Statement")) return value;
  return Object.fromEntries(
    Object.keys(value).map((name): [string, Json] => {
      const child = value[name]!;
      return [snakeCase(name), FREE_NAMES.test(name) && isRecord(child) ? child : convert(child)];
    }),
  );
}

/** `DBInstanceIdentifier` → `db_instance_identifier`, `cidrIpv6` → `cidr_ipv6`. */
export function snakeCase(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2").toLowerCase();
}

/** AWS's lists of `{Key, Value}` as a map. */
export function tagMap(list: Json | undefined): Record<string, string> | undefined {
  if (isRecord(list)) {
    return Object.fromEntries(
      Object.entries(list).filter((pair): pair is [string, string] => typeof pair[1] === "string"),
    );
  }
  if (!Array.isArray(list)) return undefined;
  const pairs = list.filter(isRecord).flatMap((tag): [string, string][] => {
    const [key, value] = [tag.Key ?? tag.key ?? tag.tagKey, tag.Value ?? tag.value ?? tag.tagValue];
    return typeof key === "string" && typeof value === "string" ? [[key, value]] : [];
  });
  return Object.fromEntries(pairs);
}

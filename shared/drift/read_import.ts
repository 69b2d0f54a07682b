/** Tells the formats of an import apart and turns each into snapshots of resources. */
import { ResourceInput } from "../contracts/resources.ts";
import { at, InputError, type InputIssue, refuse } from "./input_error.ts";
import { isRecord, type Json, type JsonRecord } from "./json.ts";
import { checkValues, parseDocument } from "./json_input.ts";
import type { KeyedHash } from "./keyed_hash.ts";
import { displayName, externalId, regionOf, statusOf, tagsOf } from "./provider_fields.ts";
import { maskSensitive } from "./sensitive_values.ts";
import { MAX_RESOURCES, type TerraformResource } from "./terraform_resource.ts";
import { readShow } from "./terraform_show.ts";
import { readState } from "./terraform_state.ts";

const MAX_ISSUES = 20;
const MAX_ID_LENGTH = 512;
const MAX_NAME_LENGTH = 256;

export interface ImportedResources {
  format: "snapshots" | "terraform_show" | "terraform_state";
  /** The state's lineage, the default name of the import's source; `null` where the format has none. */
  lineage: string | null;
  snapshots: ResourceInput[];
}

/**
 * Reads a JSON array of snapshots, the output of `terraform show -json`, or a raw state of version 4.
 * @param text the body, at most 8 MiB by the caller's own limit
 * @param hash stands for sensitive values
 * @throws InputError naming the place of everything that is wrong; nothing is returned then
 */
export function readImport(text: string, hash: KeyedHash): ImportedResources {
  const document = parseDocument(text);
  if (Array.isArray(document)) {
    return { format: "snapshots", lineage: null, snapshots: readSnapshots(document, hash) };
  }
  if (!isRecord(document)) refuse("body", "must be an array of snapshots or a Terraform state");
  if ("format_version" in document) {
    const snapshots = toSnapshots(readShow(document), hash);
    return { format: "terraform_show", lineage: null, snapshots };
  }
  if ("version" in document) {
    const { lineage, resources } = readState(document);
    if (lineage !== null && lineage.length > MAX_NAME_LENGTH) {
      refuse("lineage", `must be at most ${MAX_NAME_LENGTH} characters`);
    }
    checkValues(lineage, "lineage");
    return { format: "terraform_state", lineage, snapshots: toSnapshots(resources, hash) };
  }
  return refuse(
    "body",
    "is neither an array of snapshots nor a Terraform state (no format_version, no version)",
  );
}

/** A snapshot whose known secrets are replaced by keyed hashes, as {@link readImport} does it. */
export function maskSnapshot(snapshot: ResourceInput, hash: KeyedHash): ResourceInput {
  if (snapshot.configuration === undefined) return snapshot;
  const { resource_type, external_id } = snapshot;
  const values = snapshot.configuration as JsonRecord;
  return { ...snapshot, configuration: maskSensitive(resource_type, values, [], external_id, hash) };
}

function readSnapshots(items: Json[], hash: KeyedHash): ResourceInput[] {
  if (items.length > MAX_RESOURCES) refuse(`[${MAX_RESOURCES}]`, `is beyond ${MAX_RESOURCES} snapshots`);
  const issues: InputIssue[] = [];
  const seen = new Map<string, number>();
  const snapshots: ResourceInput[] = [];
  for (const [index, item] of items.entries()) {
    if (isRecord(item) && item.configuration !== undefined) {
      checkValues(item.configuration, `[${index}].configuration`);
    }
    const parsed = ResourceInput.safeParse(item);
    if (!parsed.success) {
      for (const issue of parsed.error.issues) {
        const place = issue.path.reduce<string>((outer, step) => at(outer, step as string), `[${index}]`);
        issues.push({ path: place, message: issue.message });
      }
      if (issues.length >= MAX_ISSUES) break;
      continue;
    }
    const earlier = seen.get(parsed.data.external_id);
    if (earlier !== undefined) {
      issues.push({ path: `[${index}].external_id`, message: `repeats the external_id of [${earlier}]` });
    }
    seen.set(parsed.data.external_id, index);
    snapshots.push(parsed.data);
  }
  if (issues.length > 0) throw new InputError(issues.slice(0, MAX_ISSUES));
  return snapshots.map((snapshot) => maskSnapshot(snapshot, hash));
}

function toSnapshots(resources: TerraformResource[], hash: KeyedHash): ResourceInput[] {
  for (const resource of resources) checkResource(resource);
  const ids = distinctIds(resources);
  return resources.map((resource, index) => ({
    external_id: ids[index]!,
    name: displayName(resource).slice(0, MAX_NAME_LENGTH).toWellFormed(),
    resource_type: resource.type,
    provider: resource.provider,
    region: regionOf(resource),
    status: statusOf(resource),
    tags: tagsOf(resource),
    configuration: maskSensitive(
      resource.type,
      resource.values,
      resource.sensitive,
      ids[index]!,
      hash,
    ),
  }));
}

function checkResource({ address, type, provider, values, place }: TerraformResource): void {
  checkValues(values, place);
  for (const [name, value, max] of [["type", type, 128], ["provider", provider, 64]] as const) {
    checkValues(value, place);
    if (value.length > max) refuse(place, `has a ${name} longer than ${max} characters`);
  }
  checkValues(address, place);
}

/**
 * External ids, each once: where two resources claim the same (a policy has its bucket's id, or one
 * object stands in the state twice), the shortest type keeps it and the others add their address.
 */
function distinctIds(resources: TerraformResource[]): string[] {
  const claims = new Map<string, number[]>();
  const ids = resources.map((resource, index) => {
    const id = externalId(resource);
    claims.set(id, [...claims.get(id) ?? [], index]);
    return id;
  });
  for (const [id, indexes] of claims) {
    if (indexes.length === 1) continue;
    const byRank = indexes.toSorted((a, b) => {
      const [x, y] = [resources[a]!, resources[b]!];
      return x.type.length - y.type.length || (x.address < y.address ? -1 : 1);
    });
    for (const index of byRank.slice(1)) ids[index] = `${id} (${resources[index]!.address})`;
  }
  return ids.map((id, index) => {
    if (id.length > MAX_ID_LENGTH) {
      refuse(resources[index]!.place, `has an identity longer than ${MAX_ID_LENGTH} characters`);
    }
    return id;
  });
}

/** Turns what a reader found into snapshots without secrets: the one way from a document to what is stored. */
import type { ResourceInput } from "../contracts/resources.ts";
import { changeOf, withoutAuthor } from "./change_author.ts";
import { refuse } from "./input_error.ts";
import type { ImportedResource, MarkedValues } from "./imported_resource.ts";
import type { JsonRecord } from "./json.ts";
import { checkValues } from "./json_input.ts";
import type { KeyedHash } from "./keyed_hash.ts";
import { displayName, externalId, regionOf, statusOf, tagsOf } from "./provider_fields.ts";
import { maskSensitive, maskText } from "./sensitive_values.ts";

const MAX_ID_LENGTH = 512;
const MAX_NAME_LENGTH = 256;
const MAX_ADDRESS_LENGTH = 1024;
const MAX_REGION_LENGTH = 64;

/** A snapshot with what only some formats know beside it. */
export interface ImportedSnapshot extends ResourceInput {
  /** What the document says it should be: the baseline of a resource that is new. */
  expected?: { configuration: JsonRecord; tags: Record<string, string> };
  /** The document says that it is gone. */
  is_deleted?: boolean;
}

/**
 * Snapshots of what was read. Name, tags, region and identity come from masked values.
 * @throws InputError where values can't be stored, or an identity is too long
 */
export function toSnapshots(resources: readonly ImportedResource[], hash: KeyedHash): ImportedSnapshot[] {
  for (const resource of resources) checkResource(resource);
  const masked = resources.map((resource) => maskResource(resource, hash));
  const ids = distinctIds(masked);
  return masked.map((resource, index) => {
    const { expected } = resource;
    return {
      external_id: ids[index]!,
      name: (resource.name ?? displayName(resource)).slice(0, MAX_NAME_LENGTH).toWellFormed(),
      resource_type: resource.type,
      provider: resource.provider,
      region: (resource.region ?? regionOf(resource))?.slice(0, MAX_REGION_LENGTH).toWellFormed() ?? null,
      status: statusOf(resource),
      tags: resource.tags ?? tagsOf(resource),
      configuration: withoutAuthor(resource.values),
      address: resource.address.slice(0, MAX_ADDRESS_LENGTH).toWellFormed(),
      ...changeOf(resource),
      ...(expected === undefined ? {} : {
        expected: {
          configuration: withoutAuthor(expected.values),
          tags: resource.tags ?? tagsOf({ provider: resource.provider, values: expected.values }),
        },
      }),
      ...(resource.isDeleted ? { is_deleted: true } : {}),
    };
  });
}

/** A sender's own snapshot, its secrets masked as {@link toSnapshots} does it. */
export function maskSnapshot(snapshot: ResourceInput, hash: KeyedHash): ResourceInput {
  const { resource_type, external_id, name, tags, configuration } = snapshot;
  const text = (field: string, value: string) => maskText(field, value, external_id, hash);
  return {
    ...snapshot,
    external_id: text("external_id", external_id),
    name: text("name", name),
    ...(tags === undefined ? {} : { tags: maskTags(tags, external_id, hash) }),
    ...(configuration === undefined ? {} : {
      configuration: maskSensitive(resource_type, configuration as JsonRecord, [], external_id, hash),
    }),
  };
}

/** Tags whose names or values are a secret's are masked like any other attribute. */
export function maskTags(
  tags: Record<string, string>,
  context: string,
  hash: KeyedHash,
): Record<string, string> {
  return maskSensitive("", { tags }, [], context, hash).tags as Record<string, string>;
}

function maskResource(resource: ImportedResource, hash: KeyedHash): ImportedResource {
  const identity = resource.externalId ?? externalId(resource);
  const text = (name: string, value: string | undefined) =>
    value === undefined ? undefined : maskText(name, value, identity, hash);
  const mask = ({ values, sensitive }: MarkedValues): MarkedValues => ({
    values: maskSensitive(resource.type, values, sensitive, identity, hash),
    sensitive: [],
  });
  return {
    ...resource,
    ...mask(resource),
    externalId: text("external_id", resource.externalId),
    name: text("name", resource.name),
    ...(resource.tags === undefined ? {} : { tags: maskTags(resource.tags, identity, hash) }),
    ...(resource.expected === undefined ? {} : { expected: mask(resource.expected) }),
  };
}

function checkResource({ address, type, provider, values, expected, tags, place }: ImportedResource): void {
  checkValues(values, place);
  if (expected !== undefined) checkValues(expected.values, place);
  if (tags !== undefined) checkValues(tags, place);
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
function distinctIds(resources: readonly ImportedResource[]): string[] {
  const claims = new Map<string, number[]>();
  const ids = resources.map((resource, index) => {
    const id = resource.externalId ?? externalId(resource);
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

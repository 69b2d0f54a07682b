/** Reads configuration items of AWS Config: a delivered snapshot or history file, or what its commands print. */
import { MAX_IMPORT_RESOURCES } from "../contracts/import_size.ts";
import { tagMap } from "./attribute_names.ts";
import { terraformType, terraformValues } from "./aws_types.ts";
import { expectList, expectRecord, type ImportedResource, textOf } from "./imported_resource.ts";
import { at, refuse } from "./input_error.ts";
import { isRecord, type Json, type JsonRecord, member } from "./json.ts";

/** The members that hold configuration items: of files, `get-resource-config-history` and `batch-get-resource-config`. */
const ITEMS = ["configurationItems", "baseConfigurationItems"];

/** True for a document with configuration items. */
export function isConfigSnapshot(document: JsonRecord): boolean {
  return ITEMS.some((name) => Array.isArray(member(document, name)));
}

/**
 * Each resource once, by its newest item.
 * @see https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigurationItem.html
 * @throws InputError for a misshapen item
 */
export function readConfigItems(document: JsonRecord): ImportedResource[] {
  const newest = new Map<string, { at: string; resource: ImportedResource }>();
  const name = ITEMS.find((candidate) => Array.isArray(member(document, candidate)))!;
  expectList(document[name], name).forEach((item, index) => {
    const place = at(name, index);
    const read = readItem(expectRecord(item, place), place);
    if (read === undefined) return;
    const known = newest.get(read.resource.address);
    if (known === undefined || known.at < read.at) newest.set(read.resource.address, read);
    if (newest.size > MAX_IMPORT_RESOURCES) refuse(place, `is beyond ${MAX_IMPORT_RESOURCES} resources`);
  });
  return [...newest.values()].map(({ resource }) => resource);
}

function readItem(item: JsonRecord, place: string): { at: string; resource: ImportedResource } | undefined {
  const awsType = textOf(item, "resourceType") ??
    refuse(at(place, "resourceType"), "must be a non-empty text");
  const id = textOf(item, "resourceId") ?? refuse(at(place, "resourceId"), "must be a non-empty text");
  const status = textOf(item, "configurationItemStatus") ?? "OK";
  if (/NotRecorded/.test(status)) return undefined;
  const type = terraformType(awsType);
  const arn = textOf(item, "ARN", "arn");
  const isDeleted = /^ResourceDeleted/.test(status);
  const own = parsed(item.configuration, at(place, "configuration")) ?? {};
  const more = parsed(item.supplementaryConfiguration, at(place, "supplementaryConfiguration")) ?? {};
  const inner = Object.fromEntries(
    Object.entries(more).map(([name, value]) => [name, parsed(value, place) ?? value]),
  );
  const tags = tagMap(item.tags);
  const capturedAt = textOf(item, "configurationItemCaptureTime") ?? "";
  return {
    at: capturedAt,
    resource: {
      address: arn ?? `${type}:${id}`,
      type,
      provider: "aws",
      values: { ...terraformValues(type, { ...own, ...inner }), ...(tags === undefined ? {} : { tags }) },
      sensitive: [],
      isDeleted,
      externalId: arn ?? `${type}:${id}`,
      name: textOf(item, "resourceName") ?? id,
      region: textOf(item, "awsRegion"),
      tags,
      place,
    },
  };
}

/** An object, or the text of one, as Config's commands print it. */
function parsed(value: Json | undefined, place: string): JsonRecord | undefined {
  if (isRecord(value)) return value;
  if (typeof value !== "string" || !value.trimStart().startsWith("{")) return undefined;
  try {
    const inner = JSON.parse(value) as Json;
    return isRecord(inner) ? inner : undefined;
  } catch {
    return refuse(place, "is not JSON");
  }
}

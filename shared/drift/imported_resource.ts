/** What every reader of an import gives: one resource as its document describes it, nothing masked yet. */
import { MAX_IMPORT_RESOURCES } from "../contracts/import_size.ts";
import { at, refuse } from "./input_error.ts";
import { isRecord, type Json, type JsonRecord } from "./json.ts";
import type { SensitivePath } from "./sensitive_paths.ts";

/** Values with the marks that came with them. */
export interface MarkedValues {
  values: JsonRecord;
  sensitive: readonly SensitivePath[];
}

export interface ImportedResource extends MarkedValues {
  /** What the document calls it, such as `module.network["eu"].aws_subnet.main[0]`, a URN or a logical id. */
  address: string;
  /** Terraform's resource type, or the format's own where Terraform has none. */
  type: string;
  /** The provider's own name: `aws`, `google`, `azurerm`, `kubernetes`, … */
  provider: string;
  /** Where its values stand in the document, for errors. */
  place: string;
  /** How it should be, where the document itself says that it isn't. */
  expected?: MarkedValues;
  /** Set where the document says that it is gone. */
  isDeleted?: boolean;
  /** What the format says outside of the values; read out of the values where it is missing. */
  externalId?: string;
  name?: string;
  region?: string;
  tags?: Record<string, string>;
  changedBy?: string;
  /** RFC 3339, or whatever the document has: what can't be read as a time is left out. */
  changedAt?: string;
}

/** @throws InputError unless the value is an object */
export function expectRecord(value: Json | undefined, place: string): JsonRecord {
  if (!isRecord(value)) refuse(place, "must be an object");
  return value;
}

/** @returns the list, empty where the member is missing or null; @throws InputError for anything else */
export function expectList(value: Json | undefined, place: string): Json[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) refuse(place, "must be a list");
  return value;
}

/** @throws InputError unless the member is a non-empty text */
export function expectText(record: JsonRecord, name: string, place: string): string {
  const value = record[name];
  if (typeof value !== "string" || value === "") refuse(at(place, name), "must be a non-empty text");
  return value;
}

/** The first of these members that is a non-empty text. */
export function textOf(record: JsonRecord | undefined, ...names: string[]): string | undefined {
  for (const name of names) {
    const value = record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
    if (typeof value === "string" && value.trim() !== "") return value;
  }
  return undefined;
}

/**
 * The provider's name from its source address: `registry.terraform.io/hashicorp/aws`,
 * `module.a.provider["registry.terraform.io/hashicorp/aws"].west`, or the old `provider.aws`.
 */
export function providerName(source: string): string {
  const quoted = /provider\["([^"]+)"\]/.exec(source)?.[1] ?? source;
  const name = quoted.split("/").at(-1)!.replace(/^provider\./, "").split(".")[0]!;
  return name === "google-beta" ? "google" : name;
}

export interface Collector {
  add: (resource: ImportedResource) => void;
  all: ImportedResource[];
}

/**
 * Keeps a list of resources within its limits and each address in it once.
 * @throws InputError naming the second place of a repeated address, or the resource beyond the limit
 */
export function collector(): Collector {
  const all: ImportedResource[] = [];
  const seen = new Map<string, string>();
  return {
    all,
    add(resource) {
      const earlier = seen.get(resource.address);
      if (earlier !== undefined) {
        refuse(resource.place, `repeats the address ${resource.address} of ${earlier}`);
      }
      if (all.length === MAX_IMPORT_RESOURCES) {
        refuse(resource.place, `is beyond ${MAX_IMPORT_RESOURCES} resources`);
      }
      seen.set(resource.address, resource.place);
      all.push(resource);
    },
  };
}

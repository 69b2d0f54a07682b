/** One managed resource instance as either Terraform format gives it, before it becomes a snapshot. */
import { at, refuse } from "./input_error.ts";
import { isRecord, type Json, type JsonRecord } from "./json.ts";
import type { SensitivePath } from "./sensitive_values.ts";

/** Most resources one import may bring. */
export const MAX_RESOURCES = 5_000;

export interface TerraformResource {
  /** Such as `module.network["eu"].aws_subnet.main[0]`. */
  address: string;
  type: string;
  /** The provider's own name: `aws`, `google`, `azurerm`, `kubernetes`, … */
  provider: string;
  values: JsonRecord;
  sensitive: readonly SensitivePath[];
  /** Where its values stand in the document, for errors. */
  place: string;
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

/**
 * The provider's name from its source address: `registry.terraform.io/hashicorp/aws`,
 * `module.a.provider["registry.terraform.io/hashicorp/aws"].west`, or the old `provider.aws`.
 */
export function providerName(source: string): string {
  const quoted = /provider\["([^"]+)"\]/.exec(source)?.[1] ?? source;
  const name = quoted.split("/").at(-1)!.replace(/^provider\./, "").split(".")[0]!;
  return name === "google-beta" ? "google" : name;
}

/**
 * Keeps a list of resources within its limits and each address in it once.
 * @throws InputError naming the second place of a repeated address, or the resource beyond the limit
 */
export function collector(): { add: (resource: TerraformResource) => void; all: TerraformResource[] } {
  const all: TerraformResource[] = [];
  const seen = new Map<string, string>();
  return {
    all,
    add(resource) {
      const earlier = seen.get(resource.address);
      if (earlier !== undefined) {
        refuse(resource.place, `repeats the address ${resource.address} of ${earlier}`);
      }
      if (all.length === MAX_RESOURCES) refuse(resource.place, `is beyond ${MAX_RESOURCES} resources`);
      seen.set(resource.address, resource.place);
      all.push(resource);
    },
  };
}

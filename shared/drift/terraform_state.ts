/** Reads a raw `terraform.tfstate` of version 4. */
import {
  collector,
  expectList,
  expectRecord,
  expectText,
  type ImportedResource,
  providerName,
} from "./imported_resource.ts";
import { at, refuse } from "./input_error.ts";
import { isRecord, type Json, type JsonRecord, member } from "./json.ts";
import { pathsOfState } from "./sensitive_paths.ts";

export interface TerraformState {
  lineage: string | null;
  resources: ImportedResource[];
}

/**
 * Every managed resource of every module; data sources and deposed objects are left out.
 * @throws InputError for another version, a misshapen resource or a repeated address
 */
export function readState(document: JsonRecord): TerraformState {
  if (document.version !== 4) refuseVersion(document.version!);
  const found = collector();
  expectList(document.resources, "resources").forEach((item, index) => {
    const place = at("resources", index);
    const resource = expectRecord(item, place);
    if (expectText(resource, "mode", place) !== "managed") return;
    readInstances(resource, place, found.add);
  });
  const lineage = document.lineage;
  return { lineage: typeof lineage === "string" && lineage !== "" ? lineage : null, resources: found.all };
}

/** States before version 4 are from Terraform 0.11 and older; a newer Terraform upgrades them. */
function refuseVersion(version: Json): never {
  if (version === 1 || version === 2 || version === 3) {
    refuse(
      "version",
      `must be 4, and this state's is ${version}: Terraform 0.11 or older wrote it. Run \`terraform state pull\` with ` +
        "Terraform 0.12 or newer, which upgrades it, and send what it prints",
    );
  }
  refuse("version", "must be 4; other versions of the state format are not known");
}

function readInstances(
  resource: JsonRecord,
  place: string,
  add: (resource: ImportedResource) => void,
): void {
  const type = expectText(resource, "type", place);
  const base = `${type}.${expectText(resource, "name", place)}`;
  const module = resource.module;
  if (module !== undefined && module !== null && typeof module !== "string") {
    refuse(at(place, "module"), "must be a text");
  }
  const provider = providerName(expectText(resource, "provider", place));
  const instances = at(place, "instances");
  expectList(resource.instances, instances).forEach((item, index) => {
    const here = at(instances, index);
    const instance = expectRecord(item, here);
    if ("deposed" in instance) return;
    if ("attributes_flat" in instance) {
      refuse(at(here, "attributes_flat"), "is of a state never refreshed since Terraform 0.11");
    }
    const values = expectRecord(instance.attributes ?? {}, at(here, "attributes"));
    add({
      address: (module ? `${module}.` : "") + base + indexText(member(instance, "index_key"), here),
      type,
      provider,
      values: unwrapDynamic(values),
      sensitive: pathsOfState(member(instance, "sensitive_attributes")),
      place: at(here, "attributes"),
    });
  });
}

function indexText(key: Json | undefined, place: string): string {
  if (key === undefined || key === null) return "";
  if (typeof key === "number") return `[${key}]`;
  if (typeof key === "string") return `[${JSON.stringify(key)}]`;
  return refuse(at(place, "index_key"), "must be a number or a text");
}

/**
 * A raw state wraps attributes whose type is only known at run time as `{"value":…,"type":…}`;
 * `terraform show -json` doesn't. Both formats shall give the same configuration.
 */
function unwrapDynamic(values: JsonRecord): JsonRecord {
  return Object.fromEntries(
    Object.keys(values).map((name) => {
      const value = values[name]!;
      return [name, isDynamic(value) ? value.value! : value];
    }),
  );
}

function isDynamic(value: Json): value is JsonRecord {
  if (!isRecord(value) || Object.keys(value).length !== 2) return false;
  return "value" in value && "type" in value && isTypeExpression(value.type!);
}

const PRIMITIVES = new Set(["string", "number", "bool", "dynamic"]);
const COLLECTIONS = new Set(["list", "set", "map", "object", "tuple"]);

function isTypeExpression(type: Json): boolean {
  if (typeof type === "string") return PRIMITIVES.has(type);
  return Array.isArray(type) && type.length >= 2 && typeof type[0] === "string" && COLLECTIONS.has(type[0]);
}

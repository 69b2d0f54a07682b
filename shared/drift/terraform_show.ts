/** Reads what `terraform show -json` prints of a state (format_version 1.x). */
import {
  type Collector,
  collector,
  expectList,
  expectRecord,
  expectText,
  type ImportedResource,
  providerName,
} from "./imported_resource.ts";
import { at, refuse } from "./input_error.ts";
import { type JsonRecord, member } from "./json.ts";
import { pathsOfShow } from "./sensitive_paths.ts";

/** @throws InputError unless the document's format is one that this room knows */
export function expectKnownVersion(document: JsonRecord): void {
  const version = document.format_version;
  if (typeof version !== "string" || !/^1(\.\d+)?$/.test(version)) {
    refuse("format_version", "must be 1.x; other versions of this format are not known");
  }
}

/**
 * Every managed resource of every module; data sources and deposed objects are left out.
 * @see https://developer.hashicorp.com/terraform/internals/json-format
 * @throws InputError for an unknown version, a misshapen resource or a repeated address
 */
export function readShow(document: JsonRecord): ImportedResource[] {
  expectKnownVersion(document);
  const found = collector();
  readValues(document.values, "values", found);
  return found.all;
}

/** Reads a state representation: `{"root_module":{…}}`. A state without resources prints none at all. */
export function readValues(values: JsonRecord[string] | undefined, place: string, found: Collector): void {
  if (values === undefined || values === null) return;
  const record = expectRecord(values, place);
  if (record.root_module === undefined) return;
  const root = at(place, "root_module");
  readModule(expectRecord(record.root_module, root), root, found.add);
}

function readModule(module: JsonRecord, place: string, add: (resource: ImportedResource) => void): void {
  const resources = at(place, "resources");
  expectList(module.resources, resources).forEach((item, index) => {
    const here = at(resources, index);
    const resource = expectRecord(item, here);
    if (expectText(resource, "mode", here) !== "managed" || "deposed_key" in resource) return;
    add({
      address: expectText(resource, "address", here),
      type: expectText(resource, "type", here),
      provider: providerName(expectText(resource, "provider_name", here)),
      values: expectRecord(resource.values ?? {}, at(here, "values")),
      sensitive: pathsOfShow(member(resource, "sensitive_values")),
      place: at(here, "values"),
    });
  });
  const children = at(place, "child_modules");
  expectList(module.child_modules, children).forEach((child, index) => {
    readModule(expectRecord(child, at(children, index)), at(children, index), add);
  });
}

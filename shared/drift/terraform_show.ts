/** Reads what `terraform show -json` prints of a state (format_version 1.x). */
import { at, refuse } from "./input_error.ts";
import { type JsonRecord, member } from "./json.ts";
import { pathsOfShow } from "./sensitive_values.ts";
import {
  collector,
  expectList,
  expectRecord,
  expectText,
  providerName,
  type TerraformResource,
} from "./terraform_resource.ts";

/**
 * Every managed resource of every module; data sources and deposed objects are left out.
 * @see https://developer.hashicorp.com/terraform/internals/json-format
 * @throws InputError for a plan, an unknown version, a misshapen resource or a repeated address
 */
export function readShow(document: JsonRecord): TerraformResource[] {
  const version = document.format_version;
  if (typeof version !== "string" || !/^1(\.\d+)?$/.test(version)) {
    refuse("format_version", "must be 1.x; other versions of this format are not known");
  }
  if ("planned_values" in document || "resource_changes" in document) {
    refuse("planned_values", "belongs to a plan; send the state: `terraform show -json` without a plan file");
  }
  const found = collector();
  // A state without resources prints no `values` at all.
  if (document.values !== undefined && document.values !== null) {
    const values = expectRecord(document.values, "values");
    if (values.root_module !== undefined) {
      readModule(expectRecord(values.root_module, "values.root_module"), "values.root_module", found.add);
    }
  }
  return found.all;
}

function readModule(module: JsonRecord, place: string, add: (resource: TerraformResource) => void): void {
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

/** Reads what `pulumi stack export` prints: a checkpoint of version 3. */
import { inTerraformSpelling, snakeCase } from "./attribute_names.ts";
import {
  collector,
  expectList,
  expectRecord,
  expectText,
  type ImportedResource,
  textOf,
} from "./imported_resource.ts";
import { at, refuse } from "./input_error.ts";
import { isRecord, type Json, type JsonRecord, member } from "./json.ts";
import { terraformNameOf } from "./pulumi_types.ts";
import type { SensitivePath } from "./sensitive_paths.ts";

/** The member by which Pulumi tells a secret from an object; its own signature. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
/** True for a stack's export: it has a deployment, where a Terraform state has resources. */
export function isPulumiStack(document: JsonRecord): boolean {
  return isRecord(document.deployment);
}

/**
 * Every resource that a provider manages (`custom`), by its outputs; components and providers are left out.
 * @throws InputError for another version or a misshapen resource
 */
export function readPulumiStack(document: JsonRecord): ImportedResource[] {
  if (document.version !== undefined && document.version !== 3 && document.version !== 4) {
    refuse("version", "must be 3 or 4; other versions of `pulumi stack export` are not known");
  }
  const deployment = expectRecord(document.deployment, "deployment");
  const found = collector();
  expectList(deployment.resources, "deployment.resources").forEach((item, index) => {
    const place = at("deployment.resources", index);
    const resource = expectRecord(item, place);
    const token = expectText(resource, "type", place);
    if (resource.custom !== true || resource.delete === true || /^pulumi:/.test(token)) return;
    const sensitive: SensitivePath[] = [];
    const outputs = expectRecord(resource.outputs ?? resource.inputs ?? {}, at(place, "outputs"));
    const values = open(outputs, [], sensitive) as JsonRecord;
    const { provider, type } = terraformNameOf(token);
    found.add({
      address: expectText(resource, "urn", place),
      type,
      provider,
      values: { ...inTerraformSpelling(values), ...idOf(resource) },
      sensitive: sensitive.map((path) =>
        path.map((step) => typeof step === "string" ? snakeCase(step) : step)
      ),
      changedAt: textOf(resource, "modified"),
      place: at(place, "outputs"),
    });
  });
  return found.all;
}

function idOf(resource: JsonRecord): JsonRecord {
  const id = textOf(resource, "id");
  return id === undefined ? {} : { id };
}

/** Takes the wrapping off secrets and notes where they stood. */
function open(value: Json, path: (string | number)[], sensitive: SensitivePath[]): Json {
  if (Array.isArray(value)) return value.map((child, index) => open(child, [...path, index], sensitive));
  if (!isRecord(value)) return value;
  if (Object.hasOwn(value, SIGNATURE)) {
    sensitive.push(path);
    // A ciphertext is made anew with every export: its own secret is not known, only that there is one.
    return member(value, "plaintext") ?? "(encrypted)";
  }
  return Object.fromEntries(
    Object.keys(value).filter((name) => !name.startsWith("__"))
      .map((name) => [name, open(value[name]!, [...path, name], sensitive)]),
  );
}

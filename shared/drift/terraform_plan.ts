/** Reads what `terraform show -json` prints of a plan: the refreshed state, and what changed outside of Terraform. */
import { MAX_IMPORT_RESOURCES } from "../contracts/import_size.ts";
import {
  collector,
  expectList,
  expectRecord,
  expectText,
  type ImportedResource,
  providerName,
} from "./imported_resource.ts";
import { at, refuse } from "./input_error.ts";
import { isRecord, type JsonRecord, member } from "./json.ts";
import { pathsOfShow } from "./sensitive_paths.ts";
import { expectKnownVersion, readValues } from "./terraform_show.ts";

/** True for a plan rather than a state. */
export function isPlan(document: JsonRecord): boolean {
  return ["planned_values", "resource_changes", "resource_drift", "prior_state", "output_changes"]
    .some((name) => Object.hasOwn(document, name));
}

/**
 * The state as the plan found it (`prior_state`), each resource that drifted with how the recorded state has it. What
 * the plan wants to do is no fact yet and isn't read.
 * @throws InputError for an unknown version or a misshapen resource
 */
export function readPlan(document: JsonRecord): ImportedResource[] {
  expectKnownVersion(document);
  const prior = collector();
  if (isRecord(document.prior_state)) readValues(document.prior_state.values, "prior_state.values", prior);
  const byAddress = new Map(prior.all.map((resource) => [resource.address, resource]));
  expectList(document.resource_drift, "resource_drift").forEach((item, index) => {
    const drifted = readDrift(expectRecord(item, at("resource_drift", index)), at("resource_drift", index));
    if (drifted === undefined) return;
    if (byAddress.size >= MAX_IMPORT_RESOURCES && !byAddress.has(drifted.address)) {
      refuse(drifted.place, `is beyond ${MAX_IMPORT_RESOURCES} resources`);
    }
    byAddress.set(drifted.address, drifted);
  });
  return [...byAddress.values()];
}

function readDrift(resource: JsonRecord, place: string): ImportedResource | undefined {
  if (expectText(resource, "mode", place) !== "managed" || "deposed" in resource) return undefined;
  const here = at(place, "change");
  const change = expectRecord(resource.change, here);
  if (change.before === null || change.before === undefined) return undefined;
  const before = {
    values: expectRecord(change.before, at(here, "before")),
    sensitive: pathsOfShow(member(change, "before_sensitive")),
  };
  const isDeleted = change.after === null || change.after === undefined;
  const after = isDeleted ? before : {
    values: expectRecord(change.after, at(here, "after")),
    sensitive: pathsOfShow(member(change, "after_sensitive")),
  };
  return {
    address: expectText(resource, "address", place),
    type: expectText(resource, "type", place),
    provider: providerName(expectText(resource, "provider_name", place)),
    ...after,
    // What was secret before is secret now: a plan marks each side for itself.
    sensitive: [...after.sensitive, ...before.sensitive],
    expected: { ...before, sensitive: [...after.sensitive, ...before.sensitive] },
    isDeleted,
    place: at(here, isDeleted ? "before" : "after"),
  };
}

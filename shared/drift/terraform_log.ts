/** Reads the lines of `terraform plan -refresh-only -json`: they name what drifted, but not how. */
import { MAX_IMPORT_RESOURCES } from "../contracts/import_size.ts";
import { at, refuse } from "./input_error.ts";
import { isRecord, type Json, type JsonRecord } from "./json.ts";
import { textOf } from "./imported_resource.ts";

/** A resource that Terraform saw changed or gone, by its address. */
export interface ReportedDrift {
  address: string;
  type: string;
  action: "update" | "delete";
}

/**
 * True for a text of JSON objects, one a line, as Terraform's machine-readable UI prints them.
 * @see https://developer.hashicorp.com/terraform/internals/machine-readable-ui
 */
export function isLog(text: string): boolean {
  const first = text.slice(0, 4_096).trimStart().split("\n", 1)[0]!.trim();
  return /^\{"@level":/.test(first) && first.endsWith("}");
}

/**
 * The `resource_drift` messages of a plan's log.
 * @throws InputError for a line that isn't JSON, a plan that failed, or a log without an end
 */
export function readLog(text: string): ReportedDrift[] {
  const found = new Map<string, ReportedDrift>();
  let isFinished = false;
  text.split("\n").forEach((raw, index) => {
    const line = raw.trim();
    if (line === "") return;
    const place = at("line", index + 1);
    const entry = parse(line, place);
    if (entry.type === "diagnostic" && entry["@level"] === "error") {
      refuse(place, "says that the plan failed: nothing is known of the resources");
    }
    if (entry.type === "change_summary") isFinished = true;
    if (entry.type !== "resource_drift") return;
    const drift = reported(entry, place);
    found.set(drift.address, drift);
    if (found.size > MAX_IMPORT_RESOURCES) refuse(place, `is beyond ${MAX_IMPORT_RESOURCES} resources`);
  });
  if (!isFinished) refuse("body", "is the log of a plan without its end (no change_summary)");
  return [...found.values()];
}

function parse(line: string, place: string): JsonRecord {
  let value: Json;
  try {
    value = JSON.parse(line) as Json;
  } catch {
    return refuse(place, "is not JSON");
  }
  return isRecord(value) ? value : refuse(place, "must be an object");
}

function reported(entry: JsonRecord, place: string): ReportedDrift {
  const change = isRecord(entry.change) ? entry.change : undefined;
  const resource = isRecord(change?.resource) ? change.resource : undefined;
  const address = textOf(resource, "addr");
  const type = textOf(resource, "resource_type");
  if (address === undefined || type === undefined) refuse(at(place, "change"), "names no resource");
  return { address, type, action: change?.action === "delete" ? "delete" : "update" };
}

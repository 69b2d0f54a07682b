/** Reads the body of an import, whatever format it is in, into snapshots without secrets. */
import { MAX_IMPORT_RESOURCES } from "../contracts/import_size.ts";
import { ResourceInput } from "../contracts/resources.ts";
import { type DocumentFormat, readDocument } from "./import_formats.ts";
import { at, InputError, type InputIssue, refuse } from "./input_error.ts";
import { isRecord, type Json } from "./json.ts";
import { checkValues, parseDocument } from "./json_input.ts";
import type { KeyedHash } from "./keyed_hash.ts";
import { type ImportedSnapshot, maskSnapshot, toSnapshots } from "./mask_import.ts";
import { isLog, readLog, type ReportedDrift } from "./terraform_log.ts";

const MAX_ISSUES = 20;
const MAX_LINEAGE_LENGTH = 256;

export interface ImportedResources {
  format: "snapshots" | "terraform_log" | DocumentFormat;
  /** The state's lineage, the default name of the import's source; `null` where the format has none. */
  lineage: string | null;
  snapshots: ImportedSnapshot[];
  /** Resources of which only an address is known, and that they have drifted. */
  reported: ReportedDrift[];
}

/**
 * Reads an array of snapshots or any format that `import_formats.ts` lists.
 * @param text the body, at most 8 MiB by the caller's own limit
 * @param hash stands for sensitive values
 * @throws InputError naming the place of everything that is wrong; nothing is returned then
 */
export function readImport(text: string, hash: KeyedHash): ImportedResources {
  if (isLog(text)) {
    return { format: "terraform_log", lineage: null, snapshots: [], reported: readLog(text) };
  }
  const document = parseDocument(text);
  if (Array.isArray(document)) {
    return { format: "snapshots", lineage: null, snapshots: readSnapshots(document, hash), reported: [] };
  }
  if (!isRecord(document)) refuse("body", "must be an array of snapshots or a Terraform state");
  const { format, lineage, resources } = readDocument(document);
  if (lineage !== null && lineage.length > MAX_LINEAGE_LENGTH) {
    refuse("lineage", `must be at most ${MAX_LINEAGE_LENGTH} characters`);
  }
  checkValues(lineage, "lineage");
  return { format, lineage, snapshots: toSnapshots(resources, hash), reported: [] };
}

function readSnapshots(items: Json[], hash: KeyedHash): ResourceInput[] {
  if (items.length > MAX_IMPORT_RESOURCES) {
    refuse(`[${MAX_IMPORT_RESOURCES}]`, `is beyond ${MAX_IMPORT_RESOURCES} snapshots`);
  }
  const issues: InputIssue[] = [];
  const seen = new Map<string, number>();
  const snapshots: ResourceInput[] = [];
  for (const [index, item] of items.entries()) {
    if (isRecord(item) && item.configuration !== undefined) {
      checkValues(item.configuration, `[${index}].configuration`);
    }
    const parsed = ResourceInput.safeParse(item);
    if (!parsed.success) {
      for (const issue of parsed.error.issues) {
        const place = issue.path.reduce<string>((outer, step) => at(outer, step as string), `[${index}]`);
        issues.push({ path: place, message: issue.message });
      }
      if (issues.length >= MAX_ISSUES) break;
      continue;
    }
    const earlier = seen.get(parsed.data.external_id);
    if (earlier !== undefined) {
      issues.push({ path: `[${index}].external_id`, message: `repeats the external_id of [${earlier}]` });
    }
    seen.set(parsed.data.external_id, index);
    snapshots.push(parsed.data);
  }
  if (issues.length > 0) throw new InputError(issues.slice(0, MAX_ISSUES));
  return snapshots.map((snapshot) => maskSnapshot(snapshot, hash));
}

/** The semantic diff of two configurations of one resource. */
import { canonicalize, isKeyed } from "./canonical.ts";
import { assignAt, dottedNames, formatPath, type Step } from "./field_path.ts";
import { isFreeMap, isSetLike, keyOf } from "./field_tables.ts";
import { isRecord, isSame, type Json, type JsonRecord, member } from "./json.ts";
import { isPolicyDocument } from "./policy_document.ts";

/** One field that differs. Set-like lists and policies are one field, with all their elements. */
export interface Change {
  /** The field's fingerprint within its resource, see `formatPath`. */
  path: string;
  steps: readonly Step[];
  /** In canonical form; `undefined` where the field is missing or has its documented default. */
  before: Json | undefined;
  after: Json | undefined;
}

/**
 * What changed from one configuration to another, in the order of the fields' names.
 * @param type Terraform resource type
 * @returns empty exactly when both have the same canonical form
 */
export function diff(type: string, before: JsonRecord, after: JsonRecord): Change[] {
  return diffCanonical(type, canonicalize(type, before), canonicalize(type, after));
}

/** The same for configurations that are in canonical form already. */
export function diffCanonical(type: string, before: JsonRecord, after: JsonRecord): Change[] {
  const changes: Change[] = [];
  compare(type, before, after, [], changes);
  return changes;
}

/**
 * Applies changes to a configuration.
 * @returns the canonical form of what {@link diff} saw as `after`, when the changes are those from `before`
 */
export function apply(type: string, changes: readonly Change[], before: JsonRecord): JsonRecord {
  const result = structuredClone(canonicalize(type, before));
  for (const { steps, after } of changes) {
    assignAt(result, steps, after === undefined ? undefined : structuredClone(after));
  }
  return canonicalize(type, result);
}

function compare(
  type: string,
  before: Json | undefined,
  after: Json | undefined,
  steps: readonly Step[],
  changes: Change[],
): void {
  if (isSame(before, after)) return;
  // A policy is one field: its statements have no identity of their own.
  const isPolicy = steps.length > 0 && (isPolicyDocument(before) || isPolicyDocument(after));
  if (!isPolicy && isRecord(before) && isRecord(after)) {
    return compareRecords(type, before, after, steps, changes);
  }
  const name = steps.findLast((step) => typeof step === "string") as string;
  // A missing map of tags is an empty one: every tag is a field of its own.
  if (before === undefined && after !== undefined && isFreeMap(name, after)) {
    return compareRecords(type, {}, after, steps, changes);
  }
  if (after === undefined && before !== undefined && isFreeMap(name, before)) {
    return compareRecords(type, before, {}, steps, changes);
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const key = keyOf(name);
    if (key !== undefined && isKeyed(before, key) && isKeyed(after, key)) {
      return compareKeyed(type, before, after, steps, changes, key);
    }
    const isSet = isSetLike(type, dottedNames(steps), name, [...before, ...after].some(isRecord));
    if (!isSet && before.length === after.length) {
      before.forEach((element, index) => compare(type, element, after[index], [...steps, index], changes));
      return;
    }
  }
  changes.push({ path: formatPath(steps), steps, before, after });
}

function compareRecords(
  type: string,
  before: JsonRecord,
  after: JsonRecord,
  steps: readonly Step[],
  changes: Change[],
): void {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  for (const name of [...names].sort()) {
    compare(type, member(before, name), member(after, name), [...steps, name], changes);
  }
}

function compareKeyed(
  type: string,
  before: JsonRecord[],
  after: JsonRecord[],
  steps: readonly Step[],
  changes: Change[],
  key: string,
): void {
  const find = (list: JsonRecord[], value: string) => list.find((element) => element[key] === value);
  const values = new Set([...before, ...after].map((element) => element[key] as string));
  for (const value of [...values].sort()) {
    compare(type, find(before, value), find(after, value), [...steps, { key, value }], changes);
  }
}

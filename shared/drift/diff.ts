/** The semantic diff of two configurations of one resource. */
import { canonicalize, isKeyed } from "./canonical.ts";
import { assignAt, boundedPath, dottedNames, type Step, stepText } from "./field_path.ts";
import { isFreeMap, isSetLike, keyOf } from "./field_tables.ts";
import { isRecord, type Json, type JsonRecord, member } from "./json.ts";
import { homeOf, type Meaning, meaningOf } from "./meaning.ts";
import { isPolicyDocument } from "./policy_document.ts";
import { isProviderSet } from "./provider_schema.ts";
import type { Home } from "./spellings.ts";

/** One field that differs. Set-like lists and policies are one field, with all their elements. */
export interface Change {
  /** The field's fingerprint within its resource, see `formatPath`. */
  path: string;
  steps: readonly Step[];
  /** In canonical form; `undefined` where the field is missing or has its documented default. */
  before: Json | undefined;
  after: Json | undefined;
}

/** An ordered list with more elements that differ is one field: it was written anew. */
const MAX_CHANGED_ELEMENTS = 16;

/**
 * What changed from one configuration to another, in the order of the fields' names.
 * @param type Terraform resource type
 * @returns empty when both have the same meaning
 */
export function diff(type: string, before: JsonRecord, after: JsonRecord): Change[] {
  const meaning = meaningOf(type);
  return diffCanonical(
    type,
    canonicalize(type, before, meaning),
    canonicalize(type, after, meaning),
    meaning,
    { ...homeOf(before), ...homeOf(after) },
  );
}

/**
 * The same for configurations that are in canonical form already.
 * @param meaning that they were made canonical with, so that nothing is read twice
 * @param home of the resource, for names that are written in full or in short
 */
export function diffCanonical(
  type: string,
  before: JsonRecord,
  after: JsonRecord,
  meaning: Meaning = meaningOf(type),
  home: Home = {},
): Change[] {
  const changes: Change[] = [];
  compare({ type, meaning, home, changes }, before, after, [], "");
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

interface Comparison {
  type: string;
  meaning: Meaning;
  home: Home;
  changes: Change[];
}

function compare(
  comparison: Comparison,
  before: Json | undefined,
  after: Json | undefined,
  steps: readonly Step[],
  path: string,
): void {
  const { type, meaning, home, changes } = comparison;
  if (before === after) return;
  const [name, parent] = lastNames(steps);
  if (isComposite(before) && isComposite(after)) {
    if (meaning.text(before, name, parent) === meaning.text(after, name, parent)) return;
  }
  // A policy is one field: its statements have no identity of their own.
  const isPolicy = steps.length > 0 && (isPolicyDocument(before) || isPolicyDocument(after));
  if (!isPolicy && isRecord(before) && isRecord(after)) {
    return compareRecords(comparison, before, after, steps, path);
  }
  // A missing map of tags is an empty one: every tag is a field of its own.
  if (before === undefined && after !== undefined && isFreeMap(name, after)) {
    return compareRecords(comparison, {}, after, steps, path);
  }
  if (after === undefined && before !== undefined && isFreeMap(name, before)) {
    return compareRecords(comparison, before, {}, steps, path);
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const key = keyOf(name);
    if (key !== undefined && isKeyed(before, key) && isKeyed(after, key)) {
      return compareKeyed(comparison, before, after, steps, path, key);
    }
    const dotted = dottedNames(steps);
    const isSet = isSetLike(type, dotted, name, before.some(isRecord) || after.some(isRecord)) ||
      isProviderSet(type, dotted, name);
    if (!isSet && before.length === after.length) {
      const differing = before.flatMap((element, index) =>
        meaning.text(element, name, parent) === meaning.text(after[index]!, name, parent) ? [] : [index]
      );
      if (differing.length <= MAX_CHANGED_ELEMENTS) {
        const base = boundedPath(path);
        for (const index of differing) {
          compare(comparison, before[index], after[index], [...steps, index], base + stepText(index, base));
        }
        return;
      }
    }
  }
  if (meaning.same(before, after, name, parent, home)) return;
  changes.push({ path: boundedPath(path), steps, before, after });
}

function isComposite(value: Json | undefined): value is Json[] | JsonRecord {
  return typeof value === "object" && value !== null;
}

/** The names of the member that a path leads to, and of the one around it. */
function lastNames(steps: readonly Step[]): [name: string, parent: string] {
  const found: string[] = [];
  for (let index = steps.length - 1; index >= 0 && found.length < 2; index--) {
    const step = steps[index]!;
    if (typeof step === "string") found.push(step);
  }
  return [found[0] ?? "", found[1] ?? ""];
}

function compareRecords(
  comparison: Comparison,
  before: JsonRecord,
  after: JsonRecord,
  steps: readonly Step[],
  path: string,
): void {
  const base = boundedPath(path);
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  for (const name of [...names].sort()) {
    const [was, is] = [member(before, name), member(after, name)];
    if (was !== is) compare(comparison, was, is, [...steps, name], base + stepText(name, base));
  }
}

function compareKeyed(
  comparison: Comparison,
  before: JsonRecord[],
  after: JsonRecord[],
  steps: readonly Step[],
  path: string,
  key: string,
): void {
  const base = boundedPath(path);
  const byKey = (list: JsonRecord[]) => new Map(list.map((element) => [element[key] as string, element]));
  const [was, is] = [byKey(before), byKey(after)];
  for (const value of [...new Set([...was.keys(), ...is.keys()])].sort()) {
    const step = { key, value };
    compare(comparison, was.get(value), is.get(value), [...steps, step], base + stepText(step, base));
  }
}

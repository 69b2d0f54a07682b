/** What differs within one drifted field, for people: members by name, list elements by what came and went. */
import { boundedPath } from "./field_path.ts";
import { FURTHER_FIELDS } from "./drift_limit.ts";
import { at } from "./input_error.ts";
import { isRecord, type Json, member } from "./json.ts";
import { type Meaning, meaningOf } from "./meaning.ts";
import { isCut } from "./value_cut.ts";

export interface ValueChange {
  /** The field's path, with `[]` for an element of a list. */
  path: string;
  /** `null` where there was nothing. */
  before: Json;
  after: Json;
}

/** Most entries; past it the last one says how many there are. */
const MAX_ENTRIES = 200;

/**
 * Takes a drift's two values apart; of a value that was cut, the part that is left.
 * @param path the drift's field path
 * @param type Terraform resource type, for what means the same in it
 * @returns at least one entry when the values differ, removed elements before added ones, at most 200
 */
export function valueDiff(path: string, before: Json, after: Json, type = ""): ValueChange[] {
  if (path === FURTHER_FIELDS) return furtherEntries(path, after);
  const entries = entriesOf(path, before, after, meaningOf(type));
  if (entries.length <= MAX_ENTRIES) return entries;
  const shown = entries.slice(0, MAX_ENTRIES - 1);
  const left = `(${entries.length - shown.length} further entries)`;
  return [...shown, { path, before: left, after: left }];
}

function entriesOf(path: string, before: Json, after: Json, meaning: Meaning): ValueChange[] {
  if (isCut(before) || isCut(after)) return cutEntries(path, before, after, meaning);
  if (meaning.text(before) === meaning.text(after)) return [];
  if (isRecord(before) || isRecord(after)) {
    const [a, b] = [isRecord(before) ? before : {}, isRecord(after) ? after : {}];
    const comparable = (isRecord(before) || before === null) && (isRecord(after) || after === null);
    const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
    if (comparable && names.length > 0) {
      return names.flatMap((name) =>
        entriesOf(boundedPath(at(path, name)), member(a, name) ?? null, member(b, name) ?? null, meaning)
      );
    }
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const text = (element: Json) => meaning.text(element);
    const [was, is] = [new Set(before.map(text)), new Set(after.map(text))];
    const removed = before.filter((element) => !is.has(text(element)));
    const added = after.filter((element) => !was.has(text(element)));
    // A list that was only reordered has neither.
    if (removed.length + added.length > 0) {
      return [
        ...removed.map((element) => ({ path: `${path}[]`, before: element, after: null })),
        ...added.map((element) => ({ path: `${path}[]`, before: null, after: element })),
      ];
    }
  }
  return [{ path, before, after }];
}

/** What is left of two values of which at least one was cut: a part has only what the other side has not. */
function cutEntries(path: string, before: Json, after: Json, meaning: Meaning): ValueChange[] {
  const [was, is] = [isCut(before) ? before.part : before, isCut(after) ? after.part : after];
  const isTakenApart = Array.isArray(was) || Array.isArray(is) || isRecord(was) || isRecord(is);
  const entries = isTakenApart && isCut(was) === isCut(is) ? entriesOf(path, was, is, meaning) : [];
  return entries.length > 0 ? entries : [{ path, before: inWords(before), after: inWords(after) }];
}

const SHORT_DIGEST = 12;

/** What a person reads in the place of a long value: its start, how long it is, and which one it is. */
function inWords(value: Json): Json {
  if (!isCut(value)) return value;
  const { part, length, sha256 } = value;
  const whole = `(${length} characters in all, SHA-256 ${sha256.slice(0, SHORT_DIGEST)}…)`;
  return typeof part === "string" ? `${part} ${whole}` : whole;
}

/** The names of the fields that one drift stands for, and how many are not named. */
function furtherEntries(path: string, value: Json): ValueChange[] {
  const [named, fields] = isRecord(value) ? [value.part, value.fields] : [];
  if (!Array.isArray(named) || typeof fields !== "number") return [{ path, before: null, after: value }];
  const entries = named.map((name): ValueChange => ({ path: `${path}[]`, before: null, after: name }));
  const left = fields - named.length;
  return left > 0 ? [...entries, { path: `${path}[]`, before: null, after: `(${left} more)` }] : entries;
}

/** What differs within one drifted field, for people: members by name, list elements by what came and went. */
import { at } from "./input_error.ts";
import { canonicalText, isRecord, isSame, type Json, member } from "./json.ts";

export interface ValueChange {
  /** The field's path, with `[]` for an element of a list. */
  path: string;
  /** `null` where there was nothing. */
  before: Json;
  after: Json;
}

/**
 * Takes a drift's two values apart.
 * @param path the drift's field path
 * @returns at least one entry when the values differ, removed elements before added ones
 */
export function valueDiff(path: string, before: Json, after: Json): ValueChange[] {
  if (isSame(before, after)) return [];
  if (isRecord(before) || isRecord(after)) {
    const [a, b] = [isRecord(before) ? before : {}, isRecord(after) ? after : {}];
    const comparable = (isRecord(before) || before === null) && (isRecord(after) || after === null);
    const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
    if (comparable && names.length > 0) {
      return names.flatMap((name) =>
        valueDiff(at(path, name), member(a, name) ?? null, member(b, name) ?? null)
      );
    }
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const [was, is] = [new Set(before.map(canonicalText)), new Set(after.map(canonicalText))];
    const removed = before.filter((element) => !is.has(canonicalText(element)));
    const added = after.filter((element) => !was.has(canonicalText(element)));
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

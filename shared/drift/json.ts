/** JSON values as this room handles them: own members only, sorted text as identity. */

export type Json = null | boolean | number | string | Json[] | JsonRecord;
export interface JsonRecord {
  [member: string]: Json;
}

/** True for a JSON object (neither null nor a list). */
export function isRecord(value: unknown): value is JsonRecord {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/**
 * Reads an own member; inherited names such as `constructor` are not members.
 * @returns the value, or `undefined` where the member is missing
 */
export function member(record: JsonRecord | undefined, name: string): Json | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}

/**
 * Text that is equal exactly when two values are equal, whatever the order of their members
 * (the idea of RFC 8785, without its number formatting rules).
 */
export function canonicalText(value: Json): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(",")}]`;
  const members = Object.keys(value).sort().map((name) =>
    `${JSON.stringify(name)}:${canonicalText(value[name]!)}`
  );
  return `{${members.join(",")}}`;
}

/** True when both values are missing, or equal as JSON; the order of members means nothing. */
export function isSame(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length &&
      a.every((element, index) => isSame(element, b[index]));
  }
  if (Array.isArray(b)) return false;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && isSame(a[name], b[name]));
}

/** Deepest bracket nesting of a JSON text, brackets inside its strings left out. */
export function nestingOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (inString) {
      if (code === 0x5c) i++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (code === 0x7d || code === 0x5d) depth--;
  }
  return deepest;
}

/** Values of drifts, kept to a size that is safe to store, stream and show. */
import { createHash } from "node:crypto";
import { canonicalText, isRecord, type Json, type JsonRecord, member } from "./json.ts";

/** Longest value, as JSON text in UTF-16 units, that a drift keeps whole. */
export const MAX_VALUE_LENGTH = 16 * 1024;
const MAX_PART_LENGTH = 12 * 1024;
const MAX_TEXT_LENGTH = 1_000;

/** What stands for a value that is too long. */
export interface CutValue extends JsonRecord {
  cut: true;
  /** Length of the whole as JSON, in UTF-16 units. */
  length: number;
  /** Of a text, or of the whole as JSON with sorted members, so that another change of it shows. */
  sha256: string;
  /** The start of a text; of a list or an object, what the other side doesn't have, as far as it fits. */
  part: Json;
}

/** True for what {@link cutValue} made of a long value. */
export function isCut(value: Json | undefined): value is CutValue {
  return isRecord(value) && value.cut === true && typeof value.length === "number" &&
    typeof value.sha256 === "string" && "part" in value;
}

/**
 * @param other the value on the other side of the comparison: what both have in common is left out first
 * @param textOf the text that two equal values share
 * @returns the value itself where it is at most {@link MAX_VALUE_LENGTH} long, else a {@link CutValue}
 */
export function cutValue(value: Json, other: Json, textOf: (value: Json) => string): Json {
  if (lengthOf(value) <= MAX_VALUE_LENGTH) return value;
  const cut: CutValue = {
    cut: true,
    length: lengthOf(value),
    sha256: digestOf(value),
    part: partOf(value, other, textOf),
  };
  return cut;
}

/** Longest value, as JSON text in UTF-16 units, within a list of drifts: a page has up to a hundred of them. */
const MAX_LISTED_LENGTH = 2 * 1024;
const MAX_LISTED_PART = 500;

/** @returns the value itself where it is at most {@link MAX_LISTED_LENGTH} long, else a {@link CutValue} of its start */
export function listedValue(value: Json): Json {
  if (lengthOf(value) <= MAX_LISTED_LENGTH) return value;
  const [whole, part] = isCut(value) ? [value, value.part] : [undefined, value];
  const text = typeof part === "string" ? part : JSON.stringify(part);
  const cut: CutValue = {
    cut: true,
    length: whole?.length ?? lengthOf(value),
    sha256: whole?.sha256 ?? digestOf(value),
    part: `${text.slice(0, MAX_LISTED_PART).toWellFormed()}…`,
  };
  return cut;
}

function partOf(value: Json, other: Json, textOf: (value: Json) => string): Json {
  if (typeof value === "string") return `${value.slice(0, MAX_TEXT_LENGTH).toWellFormed()}…`;
  if (value === null || typeof value !== "object") return value;
  let left = MAX_PART_LENGTH;
  const fits = (part: Json, name = "") => {
    left -= lengthOf(part) + name.length + 4;
    return left >= 0;
  };
  if (Array.isArray(value)) {
    const known = new Set(Array.isArray(other) ? other.map(textOf) : []);
    const part: Json[] = [];
    for (const element of value) {
      if (known.has(textOf(element))) continue;
      const short = shorten(element);
      if (!fits(short)) break;
      part.push(short);
    }
    return part;
  }
  const members: [string, Json][] = [];
  for (const name of Object.keys(value)) {
    const before = isRecord(other) ? member(other, name) : undefined;
    if (before !== undefined && textOf(value[name]!) === textOf(before)) continue;
    const short = shorten(value[name]!);
    if (!fits(short, name)) break;
    members.push([name, short]);
  }
  return Object.fromEntries(members);
}

/** A part of a part: whole where it is short, else only its start or a word about its size. */
function shorten(value: Json): Json {
  const length = lengthOf(value);
  if (length <= 2 * MAX_TEXT_LENGTH) return value;
  if (typeof value === "string") return `${value.slice(0, MAX_TEXT_LENGTH).toWellFormed()}…`;
  return { cut: true, length, sha256: digestOf(value), part: null };
}

function digestOf(value: Json): string {
  return createHash("sha256").update(typeof value === "string" ? value : canonicalText(value)).digest("hex");
}

/** Length as JSON text; a text counts without its escapes. */
export function lengthOf(value: Json): number {
  if (typeof value === "string") return value.length + 2;
  return typeof value === "object" ? JSON.stringify(value).length : String(value).length;
}

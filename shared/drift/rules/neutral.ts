/** Tells changes that change nothing but an order, or that only add what is empty. */
import { canonicalText, isRecord, type Json } from "../json.ts";

/** True when two values are the same but for the order of lists and members that are off, empty or missing. */
export function isNeutral(before: Json | undefined, after: Json | undefined): boolean {
  return before !== undefined && after !== undefined && plainText(before) === plainText(after);
}

function plainText(value: Json): string {
  return canonicalText(plain(value));
}

function plain(value: Json): Json {
  if (Array.isArray(value)) {
    return value.map(plainText).sort();
  }
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.keys(value).filter((name) => !isEmpty(value[name]!)).map((name) => [name, plain(value[name]!)]),
  );
}

function isEmpty(value: Json): boolean {
  if (value === null || value === false || value === "" || value === 0) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

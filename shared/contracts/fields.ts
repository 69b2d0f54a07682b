/** Field schemas that more than one aggregate uses: ids, times, storable text and JSON. */
import { z } from "zod";

/** A whole-number id in an answer. */
export const Id = z.int().positive().meta({ description: "Whole-number id.", examples: [1] });

/**
 * A whole-number id in a path: decimal digits without sign, exponent or leading zero. One beyond what a number
 * holds exactly becomes the largest that it does: no row has it.
 */
export const IdParam = z.string().regex(/^[1-9]\d{0,18}$/, "must be a positive whole number")
  .transform((digits) => Math.min(Number(digits), Number.MAX_SAFE_INTEGER))
  .meta({ description: "Whole-number id.", examples: ["1"] });

export const Timestamp = z.iso.datetime({ offset: true }).meta({
  description: "RFC 3339, UTC.",
  examples: ["2026-11-24T09:30:00.000Z"],
});

/** True when Postgres can store the text: no NUL, no lone surrogate. */
export function isStorable(text: string): boolean {
  return !text.includes("\u0000") && text.isWellFormed();
}

const UNSTORABLE = "must not contain NUL characters or lone surrogates";

/**
 * One line of text from a client: trimmed, 1 to `max` UTF-16 units, storable by Postgres.
 * @param max longest accepted length after trimming
 */
export function text(max: number) {
  return z.string().trim().min(1, "must not be empty").max(max).refine(isStorable, UNSTORABLE);
}

/** Deepest accepted nesting of a JSON value from a client. */
export const MAX_JSON_DEPTH = 64;

/** A JSON object whose every string and key Postgres can store, nested at most {@link MAX_JSON_DEPTH} deep. */
export const JsonObject = z.record(z.string(), z.unknown()).superRefine((value, context) => {
  const fault = findUnstorable(value, [], 0);
  if (fault) context.addIssue({ code: "custom", path: fault.path, message: fault.message });
});

function findUnstorable(
  value: unknown,
  path: (string | number)[],
  depth: number,
): { path: (string | number)[]; message: string } | undefined {
  if (typeof value === "string") return isStorable(value) ? undefined : { path, message: UNSTORABLE };
  if (value === null || typeof value !== "object") return undefined;
  if (depth >= MAX_JSON_DEPTH) return { path, message: `must not nest deeper than ${MAX_JSON_DEPTH}` };
  const entries = Array.isArray(value) ? value.entries() : Object.entries(value);
  for (const [key, child] of entries) {
    if (typeof key === "string" && !isStorable(key)) return { path, message: UNSTORABLE };
    const fault = findUnstorable(child, [...path, key], depth + 1);
    if (fault) return fault;
  }
  return undefined;
}

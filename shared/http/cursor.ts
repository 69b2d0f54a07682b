/** Cursors: where a page of a sorted list ends, as opaque text (keyset paging). */
import { Buffer } from "node:buffer";
import { z } from "zod";
import { invalidValue } from "./validate.ts";

export interface SortColumn {
  /** Of the database; its values are never null. */
  readonly column: string;
  readonly ascending: boolean;
}

/** A row's values of the sort columns, in their order. */
export type Position = readonly (string | number)[];

const Value = z.union([z.int(), z.string().max(1000)]);
const Cursor = z.strictObject({ sort: z.string(), at: z.array(Value) });

/** The cursor that begins after a row. @param row with every sort column */
export function writeCursor(sort: readonly SortColumn[], row: Record<string, unknown>): string {
  const at = sort.map(({ column }) => Value.parse(row[column]));
  return Buffer.from(JSON.stringify({ sort: nameOf(sort), at })).toString("base64url");
}

/**
 * The position in a cursor.
 * @param page of the same query: a cursor knows its own
 * @throws ApiError VALIDATION_FAILED for a cursor that this API did not give out for this order, or with a page
 */
export function readCursor(text: string, sort: readonly SortColumn[], page: number | undefined): Position {
  if (page !== undefined) throw invalidValue("query.cursor", "must not come together with page");
  const cursor = Cursor.safeParse(parse(Buffer.from(text, "base64url").toString()));
  if (!cursor.success || cursor.data.sort !== nameOf(sort) || cursor.data.at.length !== sort.length) {
    throw invalidValue("query.cursor", "is not a cursor of this list and order");
  }
  return cursor.data.at;
}

/**
 * The rows after a position as a filter of PostgREST's `or`: later in the first column, or equal there and later
 * in the second, and so on.
 */
export function afterCursor(sort: readonly SortColumn[], position: Position): string {
  const steps = sort.map((_, index) =>
    sort.slice(0, index + 1).map(({ column, ascending }, at) => {
      const operator = at < index ? "eq" : ascending ? "gt" : "lt";
      return `${column}.${operator}.${quote(position[at]!)}`;
    })
  );
  return steps.map((step) => step.length === 1 ? step[0] : `and(${step.join(",")})`).join(",");
}

/** Quoted as PostgREST wants text that may hold its own punctuation. */
function quote(value: string | number): string {
  return typeof value === "number" ? String(value) : `"${value.replace(/[\\"]/g, "\\$&")}"`;
}

function nameOf(sort: readonly SortColumn[]): string {
  return sort.map(({ column, ascending }) => `${ascending ? "" : "-"}${column}`).join(",");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

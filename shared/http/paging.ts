/** Pages of a list, by number or by cursor, over a Data API query. */
import { Buffer } from "node:buffer";
import type { z } from "zod";
import { DEFAULT_PER_PAGE } from "../contracts/page_sizes.ts";
import { type PageMeta, pagingQuery } from "../contracts/paging.ts";
import { unwrap } from "../db/unwrap.ts";
import { ApiError } from "../errors/api_error.ts";

type PagingQuery = { [Name in keyof typeof pagingQuery]?: z.output<(typeof pagingQuery)[Name]> };

export interface Window {
  readonly page: number;
  readonly perPage: number;
  /** Rows to pass over; 0 with a cursor. */
  readonly offset: number;
  /** The id after which the page begins, in the list's own order; absent with page numbers. */
  readonly afterId: number | undefined;
}

/**
 * Which rows a list's query asks for.
 * @throws ApiError VALIDATION_FAILED for a cursor that this API did not give out, or cursor and page together
 */
export function readWindow(query: PagingQuery): Window {
  const perPage = query.per_page ?? query.pageSize ?? query.page_size ?? DEFAULT_PER_PAGE;
  if (query.cursor === undefined) {
    const page = query.page ?? 1;
    return { page, perPage, offset: (page - 1) * perPage, afterId: undefined };
  }
  const id = /^id:(\d{1,15})$/.exec(Buffer.from(query.cursor, "base64url").toString())?.[1];
  if (!id || query.page !== undefined) {
    const message = id ? "must not come together with page" : "is not a cursor of this list";
    throw new ApiError("VALIDATION_FAILED", "The request has invalid values.", {
      details: { issues: [{ path: "query.cursor", message }] },
    });
  }
  return { page: 1, perPage, offset: 0, afterId: Number(id) };
}

/**
 * The `{data, meta}` answer. Ask the database for one row more than the page has: it shows whether there is a
 * next one.
 * @param rows at most `perPage + 1` rows with their ids, in order
 * @param total rows of the whole list
 */
export function toPage<Row extends { id: number }>(
  rows: Row[],
  total: number,
  window: Window,
): { data: Row[]; meta: PageMeta } {
  const data = rows.slice(0, window.perPage);
  const last = rows.length > window.perPage ? data.at(-1) : undefined;
  return {
    data,
    meta: {
      total,
      page: window.page,
      per_page: window.perPage,
      next_cursor: last ? Buffer.from(`id:${last.id}`).toString("base64url") : null,
    },
  };
}

interface Selection<Row> extends
  PromiseLike<
    {
      data: Row[] | null;
      error: null | { code: string; message: string };
      status: number;
      count: number | null;
    }
  > {
  range(from: number, to: number): Selection<Row>;
  order(column: "id", options: { ascending: boolean }): Selection<Row>;
  gt(column: "id", value: number): Selection<Row>;
  lt(column: "id", value: number): Selection<Row>;
}

/**
 * One page of a query, ordered by id.
 * @param query the list's validated query parameters
 * @param select makes the filtered query afresh: with `{count: "exact"}` it also counts, with `head` only that
 * @throws ApiError as the database answers
 */
export async function fetchPage<Row extends { id: number }>(
  query: PagingQuery,
  select: (options: { count?: "exact"; head?: boolean }) => Selection<Row>,
  order: { ascending: boolean } = { ascending: true },
): Promise<{ data: Row[]; meta: PageMeta }> {
  const window = readWindow(query);
  const { offset, perPage, afterId } = window;
  const filtered = select({});
  const after = afterId === undefined
    ? filtered
    : order.ascending
    ? filtered.gt("id", afterId)
    : filtered.lt("id", afterId);
  const [rows, count] = await Promise.all([
    after.order("id", order).range(offset, offset + perPage),
    select({ count: "exact", head: true }),
  ]);
  return toPage(unwrap(rows) ?? [], (unwrap(count), count.count ?? 0), window);
}

/** Pages of a list, by number or by cursor, in one call to the Data API. */
import { z } from "zod";
import type { Permission } from "../contracts/permissions.ts";
import { DEFAULT_PER_PAGE } from "../contracts/page_sizes.ts";
import type { PageMeta, pagingQuery } from "../contracts/paging.ts";
import type { CallerDatabase } from "../db/client.ts";
import { refuseIfForbidden } from "../db/refusal.ts";
import { unwrap } from "../db/unwrap.ts";
import { afterCursor, type Position, readCursor, type SortColumn, writeCursor } from "./cursor.ts";

type PagingQuery = { [Name in keyof typeof pagingQuery]?: z.output<(typeof pagingQuery)[Name]> };

/** PostgREST's answer to a page past the end of the list. */
const RANGE_NOT_SATISFIABLE = "PGRST103";

/** As much of a Data API query as a page needs. */
interface Selection extends PromiseLike<Selected> {
  range(from: number, to: number): Selection;
  order(column: string, options: { ascending: boolean }): Selection;
  or(filters: string): Selection;
}
interface Selected {
  data: unknown[] | null;
  error: null | { code: string; message: string };
  status: number;
  count: number | null;
}
type SelectOptions = { count?: "exact"; head?: boolean };

export interface List<Shape extends z.ZodRawShape> {
  readonly db: CallerDatabase;
  /** Validated query parameters. */
  readonly query: PagingQuery;
  /** Without it the list is empty; an empty page asks Postgres whether that is why. */
  readonly permission: Permission;
  /** What an answer's row is; columns that are selected only for sorting fall away. */
  readonly row: z.ZodObject<Shape, z.core.$ZodObjectConfig>;
  /** Most significant first, never null; `id` decides among equals. Default: by id, ascending. */
  readonly sort?: readonly SortColumn[];
  /** Makes the filtered query afresh. */
  readonly select: (options: SelectOptions) => Selection;
}

/**
 * One page of a list. The total is counted with page numbers, or where the query asks for it: with a cursor it
 * would cost more than the rows.
 * @throws ApiError FORBIDDEN when the list is empty for lack of the permission, VALIDATION_FAILED for a cursor
 *   that isn't of this list, and as the database answers
 */
export async function fetchPage<Shape extends z.ZodRawShape>(
  list: List<Shape>,
): Promise<{ data: z.output<z.ZodObject<Shape, z.core.$strip>>[]; meta: PageMeta }> {
  const { query, select } = list;
  const perPage = query.per_page ?? query.pageSize ?? query.page_size ?? DEFAULT_PER_PAGE;
  const page = query.page ?? 1;
  const sort = withId(list.sort ?? []);
  const position = query.cursor === undefined ? undefined : readCursor(query.cursor, sort, query.page);
  const isCounted = position === undefined || query.count === "exact";
  const offset = position === undefined ? (page - 1) * perPage : 0;
  const found = await inOrder(select(isCounted && !position ? { count: "exact" } : {}), sort, position)
    .range(offset, offset + perPage);
  const isPastEnd = found.error?.code === RANGE_NOT_SATISFIABLE;
  const rows = z.array(z.looseObject({ id: z.int() })).parse(isPastEnd ? [] : unwrap(found) ?? []);
  // The count of a query that begins after a cursor would be of the rest only.
  const isCountMissing = isCounted && (position !== undefined || isPastEnd);
  const total = isCountMissing ? await countAll(select) : isCounted ? found.count ?? 0 : null;
  if (rows.length === 0) await refuseIfForbidden(list.db, list.permission);
  const shown = rows.slice(0, perPage);
  const last = rows.length > perPage ? shown.at(-1) : undefined;
  return {
    data: z.array(list.row.strip()).parse(shown),
    meta: {
      total,
      page,
      per_page: perPage,
      next_cursor: last ? writeCursor(sort, last) : null,
    },
  };
}

/** For `route`: the page holds rows of the list. */
export function showsRows({ data }: { data: unknown[] }): boolean {
  return data.length > 0;
}

function inOrder(
  selection: Selection,
  sort: readonly SortColumn[],
  position: Position | undefined,
): Selection {
  const after = position === undefined ? selection : selection.or(afterCursor(sort, position));
  return sort.reduce((query, { column, ascending }) => query.order(column, { ascending }), after);
}

async function countAll(select: List<z.ZodRawShape>["select"]): Promise<number> {
  const counted = await select({ count: "exact", head: true });
  unwrap(counted);
  return counted.count ?? 0;
}

/** Ends the order with the id, in the direction of the column before it: the list has one order only. */
function withId(sort: readonly SortColumn[]): readonly SortColumn[] {
  if (sort.some(({ column }) => column === "id")) return sort;
  return [...sort, { column: "id", ascending: sort.at(-1)?.ascending ?? true }];
}

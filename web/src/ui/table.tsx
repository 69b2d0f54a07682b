/** Dense tables; columns of less weight leave on narrow screens. */
import type { MouseEvent, ReactNode } from "react";
import { classNames } from "./class_names.ts";
import { Skeleton } from "./feedback.tsx";

/** One column of a table. */
export interface Column<Row> {
  /** Heading; for a column of buttons it is read out but not seen. */
  heading: string;
  hideHeading?: boolean;
  /** From which width on the column is there. */
  from?: "sm" | "md" | "lg" | "xl";
  /** Must give every column but one a width, or the columns would move when the rows arrive. */
  className?: string;
  cell: (row: Row) => ReactNode;
}

/** Rows that are ticked, for what is done with many at once. */
export interface Selection<Row extends { id: string | number }> {
  chosen: ReadonlySet<Row["id"]>;
  nameOf: (row: Row) => string;
  onToggle: (id: Row["id"]) => void;
  onAll: (ids: Row["id"][]) => void;
}

interface TableProps<Row extends { id: string | number }> {
  label: string;
  columns: readonly Column<Row>[];
  /** `undefined` while they are on their way: as many grey rows as `expected` hold their place. */
  rows: readonly Row[] | undefined;
  expected?: number;
  /** On narrow screens a row holds several lines. */
  tall?: boolean;
  /** Ids of rows that have just arrived, shown for a moment. */
  fresh?: ReadonlySet<string | number>;
  dim?: (row: Row) => boolean;
  selection?: Selection<Row>;
  /** A click anywhere in a row but on its own controls. */
  onOpen?: (row: Row) => void;
  /** The row that the keyboard is at. */
  current?: Row["id"];
  /** Rows with the same group stand under one heading. */
  groupOf?: (row: Row) => string;
}

const FROM = { sm: "max-sm:hidden", md: "max-md:hidden", lg: "max-lg:hidden", xl: "max-xl:hidden" };
const BOX = "size-4 accent-accent align-middle";

/** A table of rows. */
export function Table<Row extends { id: string | number }>(props: TableProps<Row>) {
  const { label, columns, rows, expected = 5, tall, selection } = props;
  const ids = rows?.map(({ id }) => id) ?? [];
  const isAll = ids.length > 0 && ids.every((id) => selection?.chosen.has(id));
  return (
    <div className="relative overflow-x-auto" tabIndex={-1}>
      <table className="w-full table-fixed text-[13px]" aria-label={label} aria-busy={!rows || undefined}>
        <thead>
          <tr className="border-b bg-sunken text-left text-xs text-muted">
            {selection && (
              <th scope="col" className="h-8 w-10 pl-4 print:hidden">
                <input
                  type="checkbox"
                  aria-label="Select all on this page"
                  className={BOX}
                  checked={isAll}
                  onChange={() => selection.onAll(isAll ? [] : ids)}
                />
              </th>
            )}
            {columns.map((column) => (
              <th key={column.heading} scope="col" className={classNames(placeOf(column), "h-8 font-medium")}>
                {column.hideHeading ? <span className="sr-only">{column.heading}</span> : column.heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y">
          {rows?.map((row, at) => <TableRow key={row.id} row={row} before={rows[at - 1]} table={props} />) ??
            Array.from({ length: expected }, (_, index) => (
              // Not the bare index: a row with that id would be taken for this one, and seem to jump.
              <tr key={`awaited-${index}`} className={classNames("h-[3.45rem]", tall && "max-md:h-24")}>
                {selection && <td />}
                {columns.map((column) => (
                  <td key={column.heading} className={placeOf(column)}>
                    {!column.hideHeading && <Skeleton className="max-w-32" />}
                  </td>
                ))}
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}

function TableRow<Row extends { id: string | number }>({ row, before, table }: {
  row: Row;
  before: Row | undefined;
  table: TableProps<Row>;
}) {
  const { columns, selection, groupOf, onOpen, current, fresh, dim } = table;
  const group = groupOf?.(row);
  const open = (event: MouseEvent) => {
    const place = event.target as Element;
    // React also brings clicks in a row's menu here, which is elsewhere in the page.
    const isControl = !event.currentTarget.contains(place) ||
      place.closest("a, button, input, label, select");
    if (!isControl && getSelection()?.isCollapsed !== false) onOpen?.(row);
  };
  return (
    <>
      {group !== undefined && (before === undefined || groupOf?.(before) !== group) && (
        <tr className="bg-sunken">
          <th
            scope="rowgroup"
            colSpan={columns.length + (selection ? 1 : 0)}
            className="h-9 truncate px-4 text-left text-xs font-medium"
          >
            <bdi>{group}</bdi>
          </th>
        </tr>
      )}
      <tr
        data-row={row.id}
        data-current={row.id === current || undefined}
        onClick={onOpen && open}
        className={classNames(
          "h-12 transition-colors hover:bg-hover/60 data-current:bg-accent-soft data-current:outline-2 data-current:-outline-offset-2 data-current:outline-accent",
          onOpen && "cursor-pointer",
          fresh?.has(row.id) && "animate-arrive",
          dim?.(row) && "text-muted",
        )}
      >
        {selection && (
          <td className="w-10 pl-4 print:hidden">
            <input
              type="checkbox"
              aria-label={`Select ${selection.nameOf(row)}`}
              className={BOX}
              checked={selection.chosen.has(row.id)}
              onChange={() => selection.onToggle(row.id)}
            />
          </td>
        )}
        {columns.map((column) => (
          <td key={column.heading} className={classNames(placeOf(column), "py-2")}>{column.cell(row)}</td>
        ))}
      </tr>
    </>
  );
}

function placeOf<Row>(column: Column<Row>): string {
  return classNames("px-3 first:pl-4 last:pr-4", column.from && FROM[column.from], column.className);
}

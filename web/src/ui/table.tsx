/** Dense tables; columns of less weight leave on narrow screens. */
import type { ReactNode } from "react";
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

const FROM = { sm: "max-sm:hidden", md: "max-md:hidden", lg: "max-lg:hidden", xl: "max-xl:hidden" };

/**
 * A table of rows.
 * @param rows `undefined` while they are on their way: as many grey rows as `expected` hold their place
 * @param fresh ids of rows that have just arrived, shown for a moment
 */
export function Table<Row extends { id: string | number }>(
  { label, columns, rows, expected = 5, tall, fresh, dim }: {
    label: string;
    columns: readonly Column<Row>[];
    rows: readonly Row[] | undefined;
    expected?: number;
    /** On narrow screens a row holds several lines. */
    tall?: boolean;
    fresh?: ReadonlySet<string | number>;
    dim?: (row: Row) => boolean;
  },
) {
  const place = (column: Column<Row>) =>
    classNames("px-3 first:pl-4 last:pr-4", column.from && FROM[column.from], column.className);
  return (
    <div className="relative overflow-x-auto" tabIndex={-1}>
      <table className="w-full table-fixed text-[13px]" aria-label={label} aria-busy={!rows || undefined}>
        <thead>
          <tr className="border-b bg-sunken text-left text-xs text-muted">
            {columns.map((column) => (
              <th key={column.heading} scope="col" className={classNames(place(column), "h-8 font-medium")}>
                {column.hideHeading ? <span className="sr-only">{column.heading}</span> : column.heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y">
          {rows?.map((row) => (
            <tr
              key={row.id}
              className={classNames(
                "h-12 transition-colors hover:bg-hover/60",
                fresh?.has(row.id) && "animate-arrive",
                dim?.(row) && "text-muted",
              )}
            >
              {columns.map((column) => (
                <td key={column.heading} className={classNames(place(column), "py-2")}>{column.cell(row)}</td>
              ))}
            </tr>
          )) ??
            Array.from(
              { length: expected },
              (_, index) => (
                // Not the bare index: a row with that id would be taken for this one, and seem to jump.
                <tr key={`awaited-${index}`} className={classNames("h-[3.45rem]", tall && "max-md:h-24")}>
                  {columns.map((column) => (
                    <td key={column.heading} className={place(column)}>
                      {!column.hideHeading && <Skeleton className="max-w-32" />}
                    </td>
                  ))}
                </tr>
              ),
            )}
        </tbody>
      </table>
    </div>
  );
}

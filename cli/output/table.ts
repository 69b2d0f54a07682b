/** Tables for people: fitted to the terminal, or tab-separated and whole when piped. */
import stringWidth from "string-width";
import type { Colors, Terminal } from "../terminal/terminal.ts";
import { type Cell, toText } from "./record.ts";
import { isTime, relativeTime } from "./relative_time.ts";

const GAP = 2;
const NARROWEST = 6;

/** One column of a table. */
export interface Column<Row> {
  title: string;
  value: (row: Row) => Cell;
  /** Colours the finished text; not used when piped. */
  paint?: (colors: Colors, text: string, row: Row) => string;
  /** The narrowest it is still of use; rather than cut below that, columns are dropped. */
  least?: number;
  /** When it goes where room is short: 1 last, higher numbers earlier; without a number never. */
  dropped?: number;
}

/**
 * Lays rows out under their titles.
 * @returns lines that end in a line feed; no titles and nothing at all when a terminal gets no rows
 */
export function renderTable<Row>(
  terminal: Pick<Terminal, "isDataTty" | "width" | "colors">,
  columns: Column<Row>[],
  rows: readonly Row[],
  now = Date.now(),
): string {
  if (!terminal.isDataTty) {
    const cells = rows.map((row) => columns.map((column) => toText(column.value(row))));
    return [columns.map((column) => column.title), ...cells].map((line) => line.join("\t") + "\n").join("");
  }
  if (rows.length === 0) return "";
  const laid = layOut(columns, rows, now);
  const kept = keepWhatFits(laid, terminal.width);
  const widths = fitWidths(kept, terminal.width);
  const { colors } = terminal;
  const lines = [kept.map(({ column }, at) => place(column.title.toUpperCase(), widths[at], colors.dim))];
  rows.forEach((row, at) => {
    lines.push(kept.map(({ column, cells }, index) => {
      const { paint } = column;
      return place(cells[at] ?? "", widths[index], paint && ((text) => paint(colors, text, row)));
    }));
  });
  return lines.map((line) => line.join(" ".repeat(GAP)).trimEnd() + "\n").join("");
}

interface LaidColumn<Row> {
  column: Column<Row>;
  cells: string[];
  /** Of its widest cell. */
  width: number;
  least: number;
}

function layOut<Row>(columns: Column<Row>[], rows: readonly Row[], now: number): LaidColumn<Row>[] {
  return columns.map((column) => {
    const cells = rows.map((row) => {
      const text = toText(column.value(row));
      return isTime(text) ? relativeTime(text, now) : text;
    });
    const widest = cells.reduce((most, cell) => Math.max(most, stringWidth(cell)), column.title.length);
    return { column, cells, width: widest, least: Math.min(widest, column.least ?? NARROWEST) };
  });
}

/** Drops columns, the most dispensable first, until the others have the room they need. */
function keepWhatFits<Row>(laid: LaidColumn<Row>[], room: number): LaidColumn<Row>[] {
  let kept = laid;
  const needed = () => kept.reduce((sum, { least }) => sum + least, GAP * (kept.length - 1));
  while (needed() > room) {
    const [next] = kept.filter(({ column }) => column.dropped !== undefined)
      .toSorted((a, b) => (b.column.dropped ?? 0) - (a.column.dropped ?? 0));
    if (!next) break;
    kept = kept.filter((one) => one !== next);
  }
  return kept;
}

/** Column widths whose sum fits: the widest columns give first, none below its least while that can be. */
function fitWidths(kept: LaidColumn<never>[] | LaidColumn<unknown>[], room: number): number[] {
  const widths = kept.map(({ width }) => width);
  let excess = widths.reduce((sum, width) => sum + width, GAP * (widths.length - 1)) - room;
  for (const floors of [kept.map(({ least }) => least), kept.map(() => 1)]) {
    while (excess > 0) {
      const spare = widths.map((width, at) => width > (floors[at] ?? 1) ? width : 0);
      const widest = Math.max(...spare);
      if (widest === 0) break;
      widths[spare.indexOf(widest)] = widest - 1;
      excess -= 1;
    }
  }
  return widths;
}

/** A cell cut or padded to its column; painted after that, so that colours don't count. */
function place(text: string, width = 0, paint: (text: string) => string = (same) => same): string {
  const shown = cut(text, width);
  return paint(shown) + " ".repeat(Math.max(0, width - stringWidth(shown)));
}

/** Cut to a width with an ellipsis as its last character. */
function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = "";
  for (const character of text) {
    if (stringWidth(kept + character) > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

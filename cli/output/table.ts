/** Tables for people: fitted to the terminal, or tab-separated and whole when piped. */
import CliTable from "cli-table3";
import stringWidth from "string-width";
import type { Colors, Terminal } from "../terminal/terminal.ts";

const GAP = 2;
const NARROWEST = 6;

export type Cell = string | number | boolean | null | undefined;

/** One column of a table. */
export interface Column<Row> {
  title: string;
  value: (row: Row) => Cell;
  /** Colours the finished text; not used when piped. */
  paint?: (colors: Colors, text: string, row: Row) => string;
}

/**
 * Lays rows out under their titles.
 * @returns lines that end in a line feed; no titles and nothing at all when a terminal gets no rows
 */
export function renderTable<Row>(terminal: Terminal, columns: Column<Row>[], rows: readonly Row[]): string {
  const cells = rows.map((row) => columns.map((column) => toText(column.value(row))));
  if (!terminal.isDataTty) {
    return [columns.map((column) => column.title), ...cells].map((line) => line.join("\t") + "\n").join("");
  }
  if (rows.length === 0) return "";
  for (const line of cells) line.forEach((text, at) => line[at] = shortenTime(text));
  const titles = columns.map((column) => column.title.toUpperCase());
  const widths = fitWidths([titles, ...cells], terminal.width);
  const table = newTable(widths);
  const { colors } = terminal;
  table.push(titles.map((title, at) => colors.dim(cut(title, widths[at] ?? 0))));
  rows.forEach((row, at) => {
    table.push(columns.map((column, index) => {
      const text = cut(cells[at]?.[index] ?? "", widths[index] ?? 0);
      return column.paint ? column.paint(colors, text, row) : text;
    }));
  });
  return trimLines(table.toString());
}

/** One thing as `label value` lines; a value is never cut. */
export function renderRecord(terminal: Terminal, fields: [label: string, value: Cell][]): string {
  const shown = fields.filter(([, value]) => value !== undefined);
  if (!terminal.isDataTty) return shown.map(([label, value]) => `${label}\t${toText(value)}\n`).join("");
  const width = Math.max(0, ...shown.map(([label]) => label.length)) + GAP;
  return shown.map(([label, value]) => terminal.colors.dim(label.padEnd(width)) + toText(value) + "\n").join(
    "",
  );
}

function toText(value: Cell): string {
  return value === null || value === undefined || value === "" ? "-" : toLineText(value);
}

/** A UTC time to the minute, as far as people look; other text as it is. */
function shortenTime(text: string): string {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(?:Z|\+00:00)$/.exec(text);
  return match ? `${match[1]} ${match[2]}Z` : text;
}

/** A value in one line: no control character of the data may reach a terminal or break a line. */
export function toLineText(value: unknown): string {
  // deno-lint-ignore no-control-regex
  return String(value).replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, " ");
}

/** Column widths whose sum fits: the widest columns give first. */
function fitWidths(lines: string[][], room: number): number[] {
  const widths = (lines[0] ?? []).map((_, at) =>
    Math.max(...lines.map((line) => stringWidth(line[at] ?? "")))
  );
  const available = room - GAP * (widths.length - 1);
  let excess = widths.reduce((sum, width) => sum + width, 0) - available;
  while (excess > 0) {
    const widest = Math.max(...widths);
    if (widest <= NARROWEST) break;
    widths[widths.indexOf(widest)] = widest - 1;
    excess -= 1;
  }
  return widths;
}

function newTable(widths: number[]) {
  const chars = { top: "", "top-mid": "", "top-left": "", "top-right": "", bottom: "", "bottom-mid": "" };
  const more = { "bottom-left": "", "bottom-right": "", left: "", "left-mid": "", mid: "", "mid-mid": "" };
  return new CliTable({
    chars: { ...chars, ...more, right: "", "right-mid": "", middle: " ".repeat(GAP) },
    colWidths: widths,
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [], compact: true },
  });
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

function trimLines(text: string): string {
  return text.split("\n").map((line) => line.trimEnd()).join("\n") + "\n";
}

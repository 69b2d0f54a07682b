/** One thing as labelled lines: aligned on a terminal, tab-separated when piped. */
import type { Terminal } from "../terminal/terminal.ts";
import { toLineText } from "./escape.ts";
import { isTime, relativeTime } from "./relative_time.ts";

const GAP = 2;

export type Cell = string | number | boolean | null | undefined;

/** `label value` lines; a value is never cut, an `undefined` one left out. */
export function renderRecord(
  terminal: Pick<Terminal, "isDataTty" | "colors">,
  fields: [label: string, value: Cell][],
  now = Date.now(),
): string {
  const shown = fields.filter(([, value]) => value !== undefined);
  if (!terminal.isDataTty) return shown.map(([label, value]) => `${label}\t${toText(value)}\n`).join("");
  const width = Math.max(0, ...shown.map(([label]) => label.length)) + GAP;
  return shown.map(([label, value]) => {
    const text = toText(value);
    return terminal.colors.dim(label.padEnd(width)) +
      (isTime(text) ? `${toMinute(text)} (${relativeTime(text, now)})` : text) + "\n";
  }).join("");
}

/** A value in one line; `-` for none. */
export function toText(value: Cell): string {
  return value === null || value === undefined || value === "" ? "-" : toLineText(value);
}

/** A time in UTC to the minute. */
function toMinute(text: string): string {
  return new Date(text).toISOString().replace(/^(.{10})T(.{5}).*$/, "$1 $2Z");
}

/** How drifts look in tables. */
import type { Drift } from "../../shared/contracts/drifts.ts";
import type { Column } from "../output/table.ts";
import type { Colors } from "../terminal/terminal.ts";

/** The columns of a list of drifts. */
export const DRIFT_COLUMNS: Column<Drift>[] = [
  { title: "id", value: (row) => row.id },
  { title: "severity", value: (row) => row.severity, paint: paintSeverity, least: 8 },
  { title: "type", value: (row) => row.drift_type, dropped: 4 },
  { title: "status", value: (row) => row.status, dropped: 3 },
  { title: "resource", value: (row) => row.resource_name, dropped: 1, least: 14 },
  { title: "summary", value: (row) => row.summary, least: 24 },
  { title: "detected", value: (row) => row.detected_at, dropped: 2 },
];

/** Colours a text by the severity of its row. */
export function paintSeverity(colors: Colors, text: string, row: { severity: string }): string {
  switch (row.severity) {
    case "critical":
      return colors.bold(colors.red(text));
    case "high":
      return colors.red(text);
    case "medium":
      return colors.yellow(text);
    default:
      return text;
  }
}

/** A value of any shape in one line. */
export function toValueText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

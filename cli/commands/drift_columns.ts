/** How drifts look in tables. */
import type { Drift } from "../../shared/contracts/drifts.ts";
import type { Column } from "../output/table.ts";
import type { Colors } from "../terminal/terminal.ts";

/** The columns of a list of drifts. */
export const DRIFT_COLUMNS: Column<Drift>[] = [
  { title: "id", value: (row) => row.id },
  { title: "severity", value: (row) => row.severity, paint: paintSeverity },
  { title: "type", value: (row) => row.drift_type },
  { title: "status", value: (row) => row.status },
  { title: "resource", value: (row) => row.resource_name },
  { title: "summary", value: (row) => row.summary },
  { title: "detected", value: (row) => row.detected_at },
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

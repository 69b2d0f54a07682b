/** The list of what an import did, or would do, to each resource. */
import type { ImportChange, ImportResult } from "../../shared/contracts/imports.ts";
import type { App } from "../app.ts";
import { paintSeverity } from "../commands/drift_columns.ts";
import { type Column, renderTable } from "../output/table.ts";

/** Of what is new or merely otherwise, more than these would bury the rest. */
const MOST_OF_A_KIND = 50;

/** One line: what happened to a resource, or one of its drifts. */
interface Line {
  change: "deleted" | "drifted" | "ignored" | "updated" | "created";
  severity: string;
  type: string;
  resource: string;
  summary: string;
}

const ORDER = ["deleted", "drifted", "ignored", "updated", "created"] as const;

const COLUMNS: Column<Line>[] = [
  { title: "change", value: (line) => line.change, least: 7 },
  { title: "severity", value: (line) => line.severity, paint: paintSeverity, least: 8, dropped: 2 },
  { title: "type", value: (line) => line.type, least: 12, dropped: 3 },
  { title: "resource", value: (line) => line.resource, least: 16 },
  { title: "summary", value: (line) => line.summary, least: 24, dropped: 1 },
];

/** Prints the list for people; nothing where the server told none. */
export async function printChanges(app: App, { changes = [] }: ImportResult): Promise<void> {
  const lines = changes.flatMap(toLines);
  const kinds = ORDER.map((change) => lines.filter((line) => line.change === change));
  const shown = kinds.flatMap((kind) => isNews(kind) ? kind : kind.slice(0, MOST_OF_A_KIND));
  if (shown.length === 0) return;
  await app.terminal.data("\n");
  await app.terminal.page(renderTable(app.terminal, COLUMNS, shown));
  for (const kind of kinds) {
    const left = kind.length - MOST_OF_A_KIND;
    if (left > 0 && !isNews(kind)) {
      await app.note(`And ${left.toLocaleString("en")} more ${kind[0]?.change}: -o json lists them all.`);
    }
  }
}

/** What went or drifted is never left out. */
function isNews([first]: Line[]): boolean {
  return first !== undefined && first.change !== "created" && first.change !== "updated";
}

function toLines({ change, drifts, name, address, resource_type }: ImportChange): Line[] {
  const resource = { type: resource_type, resource: address ?? name };
  const told = drifts.map(({ severity, summary, is_ignored }) => ({
    ...resource,
    change: is_ignored ? "ignored" as const : "drifted" as const,
    severity,
    summary,
  }));
  // A drift says more than that its resource is otherwise than before.
  const isTold = change === "unchanged" || (change === "updated" && told.length > 0);
  return isTold ? told : [{ ...resource, change, severity: "", summary: "" }, ...told];
}

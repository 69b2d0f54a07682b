/** What the commands of `infraudit baselines` do. */
import {
  type Baseline,
  type BaselineComparison,
  compareBaselines,
  createBaseline,
  listBaselines,
} from "../../shared/contracts/baselines.ts";
import type { App } from "../app.ts";
import { collect } from "../output/collect.ts";
import { printList, printRecord, printRows } from "../output/print.ts";
import type { Column } from "../output/table.ts";
import type { BaselineListOptions } from "./baselines.ts";
import { paintSeverity, toValueText } from "./drift_columns.ts";
import { findResource } from "./resource_ref.ts";

const COLUMNS: Column<Baseline>[] = [
  { title: "id", value: (row) => row.id },
  { title: "resource", value: (row) => row.resource_id },
  { title: "origin", value: (row) => row.origin.replaceAll("_", " ") },
  { title: "current", value: (row) => row.is_current ? "yes" : "no" },
  { title: "created", value: (row) => row.created_at, dropped: 1 },
];

const CHANGE_COLUMNS: Column<BaselineComparison["changes"][number]>[] = [
  { title: "field", value: (row) => row.field_path },
  { title: "severity", value: (row) => row.severity, paint: paintSeverity, least: 8 },
  { title: "before", value: (row) => toValueText(row.before) },
  { title: "after", value: (row) => toValueText(row.after) },
  { title: "reason", value: (row) => row.reason, dropped: 1, least: 20 },
];

/** Lists baselines, all pages. */
export async function runListBaselines(app: App, options: BaselineListOptions): Promise<void> {
  const resource = options.resource === undefined ? undefined : await findResource(app, options.resource);
  const query = { resource_id: resource?.id };
  const list = await collect<Baseline>(app, listBaselines, { query }, "baselines", options.limit);
  await printList(app, list, COLUMNS, (row) => row.id, "No baselines.");
}

/** Makes a resource's current state its baseline. */
export async function runCreateBaseline(app: App, ref: string): Promise<void> {
  const { id, name } = await findResource(app, ref);
  const client = await app.client();
  const baseline = await client.call(createBaseline, { body: { resource_id: id } }, { signal: app.signal });
  await app.note(`The current state of ${name} is now its baseline.`);
  await printRecord(app, baseline, COLUMNS.map(({ title, value }) => [title, value(baseline)]), baseline.id);
}

/** Prints what changed; `--quiet` the fields alone. */
export async function runCompareBaselines(app: App, id: number, other: number): Promise<void> {
  const client = await app.client();
  const answer = await client.call(compareBaselines, { params: { id, other } }, { signal: app.signal });
  await printRows(app, answer, answer.changes, CHANGE_COLUMNS, (row) => row.field_path, "Nothing changed.");
}

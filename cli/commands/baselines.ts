/** `infraudit baselines`: how resources should be, and what changed between two of them. */
import type { Command } from "commander";
import {
  type Baseline,
  type BaselineComparison,
  compareBaselines,
  createBaseline,
  listBaselines,
} from "../../shared/contracts/baselines.ts";
import type { App } from "../app.ts";
import { collect } from "../output/collect.ts";
import { printList, printRaw, printRecord } from "../output/print.ts";
import { type Column, renderTable } from "../output/table.ts";
import { newGroup, parseId, parseLimit } from "./arguments.ts";
import { paintSeverity, toValueText } from "./drift_columns.ts";
import { findResource, RESOURCE_REF_HELP } from "./resource_ref.ts";

export interface BaselineListOptions {
  resource?: string;
  limit?: number;
}

export const BASELINE_RUNNERS = {
  list: runListBaselines,
  create: runCreateBaseline,
  compare: runCompareBaselines,
};

export function newBaselinesCommand(parent: Command, app: App, runners = BASELINE_RUNNERS): void {
  const baselines = newGroup(parent, "baselines", "how resources should be", "baseline");
  baselines.command("list")
    .description("baselines, newest first")
    .option("--resource <resource>", `only of this one: ${RESOURCE_REF_HELP}`)
    .option("--limit <rows>", "at most this many rows", parseLimit)
    .action((options: BaselineListOptions) => runners.list(app, options));
  baselines.command("create")
    .description("make a resource's present state its baseline; its open drifts are accepted")
    .argument("<resource>", RESOURCE_REF_HELP)
    .action((resource: string) => runners.create(app, resource));
  baselines.command("compare")
    .description("what changed from one baseline to another of the same resource")
    .argument("<id>", "the first baseline's id", parseId)
    .argument("<other>", "the other baseline's id", parseId)
    .action((id: number, other: number) => runners.compare(app, id, other));
}

const COLUMNS: Column<Baseline>[] = [
  { title: "id", value: (row) => row.id },
  { title: "resource", value: (row) => row.resource_id },
  { title: "origin", value: (row) => row.origin.replaceAll("_", " ") },
  { title: "current", value: (row) => row.is_current ? "yes" : "no" },
  { title: "created", value: (row) => row.created_at },
];

const CHANGE_COLUMNS: Column<BaselineComparison["changes"][number]>[] = [
  { title: "field", value: (row) => row.field_path },
  { title: "severity", value: (row) => row.severity, paint: paintSeverity },
  { title: "before", value: (row) => toValueText(row.before) },
  { title: "after", value: (row) => toValueText(row.after) },
  { title: "reason", value: (row) => row.reason },
];

/** Lists baselines, all pages. */
export async function runListBaselines(app: App, options: BaselineListOptions): Promise<void> {
  const resource = options.resource === undefined ? undefined : await findResource(app, options.resource);
  const query = { resource_id: resource?.id };
  const list = await collect<Baseline>(app, listBaselines, { query }, "baselines", options.limit);
  await printList(app, list, COLUMNS, (row) => row.id, "No baselines.");
}

/** Makes a resource's present state its baseline. */
export async function runCreateBaseline(app: App, ref: string): Promise<void> {
  const { id, name } = await findResource(app, ref);
  const client = await app.client();
  const baseline = await client.call(createBaseline, { body: { resource_id: id } }, { signal: app.signal });
  await app.note(`The present state of ${name} is its baseline now.`);
  await printRecord(app, baseline, COLUMNS.map(({ title, value }) => [title, value(baseline)]), baseline.id);
}

/** Prints what changed; `--quiet` the fields alone. */
export async function runCompareBaselines(app: App, id: number, other: number): Promise<void> {
  const client = await app.client();
  const answer = await client.call(compareBaselines, { params: { id, other } }, { signal: app.signal });
  if (app.flags.quiet) {
    return await app.terminal.data(answer.changes.map((row) => `${row.field_path}\n`).join(""));
  }
  if (await printRaw(app, answer)) return;
  if (answer.changes.length === 0 && app.terminal.isDataTty) await app.note("Nothing changed.");
  await app.terminal.data(renderTable(app.terminal, CHANGE_COLUMNS, answer.changes));
}

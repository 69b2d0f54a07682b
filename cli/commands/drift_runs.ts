/** What the commands of `infraudit drifts` do, but for watching. */
import {
  type DetectAnswer,
  detectDrifts,
  type Drift,
  type DriftDetail,
  getDrift,
  listDrifts,
  resolveDrift,
  summarizeDrifts,
  updateDrift,
} from "../../shared/contracts/drifts.ts";
import type { App } from "../app.ts";
import { collect } from "../output/collect.ts";
import { printList, printRecord } from "../output/print.ts";
import type { Cell } from "../output/record.ts";
import { startProgress } from "../terminal/progress.ts";
import { DRIFT_COLUMNS, toValueText } from "./drift_columns.ts";
import type { DetectOptions, DriftListOptions, NoteOptions, ResolveOptions } from "./drifts.ts";
import { findResource, findResourceIds } from "./resource_ref.ts";

/** Lists drifts, all pages. */
export async function runListDrifts(app: App, options: DriftListOptions): Promise<void> {
  const { resource: ref, limit, search, sort, severity, type, status } = options;
  const resource = ref === undefined ? undefined : await findResource(app, ref);
  const filters = { severity: severity?.join(","), type: type?.join(","), status: status?.join(",") };
  const query = { ...filters, q: search, sort, resource_id: resource?.id };
  const list = await collect<Drift>(app, listDrifts, { query }, "drifts", limit);
  await printList(app, list, DRIFT_COLUMNS, (row) => row.id, "No drifts.");
}

/** Shows one drift. */
export async function runGetDrift(app: App, id: number): Promise<void> {
  await printDrift(
    app,
    await (await app.client()).call(getDrift, { params: { id } }, { signal: app.signal }),
  );
}

/** Prints the counts; `--quiet` the total alone. */
export async function runSummary(app: App): Promise<void> {
  const answer = await (await app.client()).call(summarizeDrifts, {}, { signal: app.signal });
  const { total, by_severity, by_status } = answer;
  const fields = [["total", total], ...Object.entries(by_severity), ...Object.entries(by_status)];
  await printRecord(app, answer, fields as [string, Cell][], total);
}

/** Has resources compared with their baselines. */
export async function runDetect(app: App, options: DetectOptions): Promise<void> {
  const answer = await detect(app, await findResourceIds(app, options.resource));
  await printRecord(app, answer, Object.entries(answer), answer.job_id);
}

/** Asks for a comparison, with a progress line. No ids means all of the organization's resources. */
export async function detect(app: App, ids: number[]): Promise<DetectAnswer> {
  const progress = startProgress(app.terminal.isTalkTty && !app.flags.quiet);
  progress.say("Comparing resources with their baselines…");
  try {
    const body = ids.length > 0 ? { resource_ids: ids } : {};
    return await (await app.client()).call(detectDrifts, { body }, { signal: app.signal });
  } finally {
    progress.done();
  }
}

/** Moves a drift to `investigating`. */
export async function runInvestigate(app: App, id: number, options: NoteOptions): Promise<void> {
  await moveDrift(app, id, "investigating", options);
}

/** Moves a resolved drift back to `detected`. */
export async function runReopenDrift(app: App, id: number, options: NoteOptions): Promise<void> {
  await moveDrift(app, id, "detected", options);
}

async function moveDrift(
  app: App,
  id: number,
  status: "investigating" | "detected",
  { note }: NoteOptions,
): Promise<void> {
  const input = { params: { id }, body: { status, note } };
  await printDrift(app, await (await app.client()).call(updateDrift, input, { signal: app.signal }));
}

/** Resolves a drift. */
export async function runResolveDrift(app: App, id: number, options: ResolveOptions): Promise<void> {
  const input = { params: { id }, body: { capture_baseline: options.captureBaseline, note: options.note } };
  const drift = await (await app.client()).call(resolveDrift, input, { signal: app.signal });
  await app.note(`Resolved drift ${id}.`);
  await printDrift(app, drift);
}

async function printDrift(app: App, drift: DriftDetail): Promise<void> {
  await printRecord(app, drift, [
    ["id", drift.id],
    ["severity", drift.severity],
    ["type", drift.drift_type],
    ["status", drift.status],
    ["resource", `${drift.resource_name} (${drift.resource_type}, id ${drift.resource_id})`],
    ["field", drift.field_path],
    ["summary", drift.summary],
    ["reason", drift.reason],
    ["control", drift.control ?? undefined],
    ["baseline", toValueText(drift.baseline_value)],
    ["current", toValueText(drift.current_value)],
    ...drift.diff.map(({ path, before, after }): [string, string] => [
      path === "" ? "change" : `change ${path}`,
      `${toValueText(before) || "-"} → ${toValueText(after) || "-"}`,
    ]),
    ["detected", drift.detected_at],
    ["last seen", drift.last_seen_at],
    ["resolution", drift.resolution ?? undefined],
    ["resolved", drift.resolved_at ?? undefined],
  ], drift.id);
}

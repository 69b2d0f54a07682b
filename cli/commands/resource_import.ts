/** `infraudit resources import`: what a tool prints of the infrastructure, from a file or a pipe. */
import { type Drift, listDrifts } from "../../shared/contracts/drifts.ts";
import { importResources, MAX_IMPORT_BYTES, MAX_IMPORT_RESOURCES } from "../../shared/contracts/imports.ts";
import type { App } from "../app.ts";
import { CliFailure, EXIT } from "../exit_codes.ts";
import { nameOf, readImportText } from "../imports/read_file.ts";
import { sendImport } from "../imports/send_import.ts";
import { splitImport } from "../imports/split_import.ts";
import { printRecord } from "../output/print.ts";
import { renderTable } from "../output/table.ts";
import { startProgress } from "../terminal/progress.ts";
import { DRIFT_COLUMNS } from "./drift_columns.ts";
import type { ImportOptions } from "./resources.ts";

/** Imports a file's content, or standard input's for `-`, and shows the drifts that came to light. */
export async function runImport(app: App, path: string, options: ImportOptions): Promise<void> {
  const text = await readImportText(path);
  const parts = splitImport(text, {
    bytes: importResources.maxBodyBytes ?? MAX_IMPORT_BYTES,
    resources: MAX_IMPORT_RESOURCES,
  });
  if (!parts) {
    const most = `${MAX_IMPORT_BYTES / 1024 / 1024} MiB or ${MAX_IMPORT_RESOURCES} resources`;
    throw new CliFailure(
      EXIT.USAGE,
      `${nameOf(path)} is over ${most}, and its format can't be cut into parts.`,
      {
        next: "import a Terraform state or an array of snapshots instead: those are cut by themselves",
      },
    );
  }
  const progress = startProgress(app.terminal.isTalkTty && !app.flags.quiet);
  const sent = await sendImport(app, parts, options, progress).finally(() => progress.done());
  if (options.dryRun) await app.note("A dry run: nothing was written.");
  await printRecord(app, sent.result, Object.entries(sent.result), sent.result.drifted);
  if (!options.dryRun && sent.result.drifted > 0) await showNewDrifts(app, sent.startedAt);
}

/** For people only: a script asks `drifts list` for what it needs. */
async function showNewDrifts(app: App, startedAt: number): Promise<void> {
  if (!app.terminal.isDataTty || app.flags.quiet || (await app.settings()).output !== "table") return;
  if (app.flags.json ?? app.flags.jq ?? app.flags.template) return;
  const query = { status: "detected" as const };
  const found: Drift[] = [];
  for await (const drift of (await app.client()).items(listDrifts, { query }, { signal: app.signal })) {
    if (Date.parse(drift.detected_at) < startedAt) break;
    found.push(drift);
  }
  if (found.length === 0) return;
  await app.terminal.data("\n");
  await app.terminal.page(renderTable(app.terminal, DRIFT_COLUMNS, found));
}

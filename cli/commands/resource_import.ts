/** `infraudit resources import`: what a tool prints of the infrastructure, from a file or a pipe. */
import { MAX_IMPORT_RESOURCES, MAX_IMPORT_VALUES } from "../../shared/contracts/import_size.ts";
import { importResources, MAX_IMPORT_BYTES } from "../../shared/contracts/imports.ts";
import type { App } from "../app.ts";
import { CliFailure, EXIT } from "../exit_codes.ts";
import { printChanges } from "../imports/print_changes.ts";
import { nameOf, readImportText } from "../imports/read_file.ts";
import { sendImport } from "../imports/send_import.ts";
import { splitImport } from "../imports/split_import.ts";
import { isSelecting, printRecord } from "../output/print.ts";
import { startProgress } from "../terminal/progress.ts";
import type { ImportOptions } from "./resources.ts";

/** Imports a file's content, or standard input's for `-`, and shows what became of each resource. */
export async function runImport(app: App, path: string, options: ImportOptions): Promise<void> {
  const text = await readImportText(path);
  const parts = splitImport(text, {
    bytes: importResources.maxBodyBytes ?? MAX_IMPORT_BYTES,
    resources: MAX_IMPORT_RESOURCES,
    values: MAX_IMPORT_VALUES,
  });
  if (!parts) {
    const most = `${
      MAX_IMPORT_BYTES / 1024 / 1024
    } MiB, ${MAX_IMPORT_RESOURCES} resources or ${MAX_IMPORT_VALUES} values`;
    throw new CliFailure(
      EXIT.USAGE,
      `${nameOf(path)} is over ${most}, and its format can't be cut into parts.`,
      {
        next: "import a Terraform state or an array of snapshots instead: those are cut by themselves",
      },
    );
  }
  const progress = startProgress(app.terminal.isTalkTty && !app.flags.quiet);
  const result = await sendImport(app, parts, options, progress).finally(() => progress.done());
  if (options.dryRun) await app.note("A dry run: nothing was written.");
  const { changes: _, ...counts } = result;
  await printRecord(app, result, Object.entries(counts), result.drifted);
  const isForPeople = !app.flags.quiet && !isSelecting(app) && (await app.settings()).output === "table";
  if (isForPeople) await printChanges(app, result);
}

/** `infraudit check`: the gate of a pipeline. It passes only when the server was asked and nothing is open. */
import type { Command } from "commander";
import { type Drift, DriftSeverity, listDrifts, listResourceDrifts } from "../../shared/contracts/drifts.ts";
import type { App } from "../app.ts";
import { CliFailure, EXIT } from "../exit_codes.ts";
import { collect } from "../output/collect.ts";
import { printRaw } from "../output/print.ts";
import { renderTable } from "../output/table.ts";
import { listOf, wordList } from "./arguments.ts";
import { DRIFT_COLUMNS } from "./drift_columns.ts";
import { detect } from "./drift_runs.ts";
import { findResourceIds, RESOURCE_REF_HELP } from "./resource_ref.ts";

/** Whatever is not resolved is open. */
const OPEN = ["detected", "investigating"] as const;

export interface CheckOptions {
  failOn: Drift["severity"][];
  resource?: string[];
  detect?: boolean;
}

export function newCheckCommand(parent: Command, app: App, run = runCheck): void {
  parent.command("check")
    .description("exit 0 when nothing of these severities is open, 1 when something is, else another code")
    .option(
      "--fail-on <severity>",
      "severities that fail, repeated or by commas (default: critical,high)",
      listOf(DriftSeverity.options),
    )
    .option("--resource <resource>", `only this one, repeated or by commas: ${RESOURCE_REF_HELP}`, wordList)
    .option("--detect", "compare resources with their baselines first")
    .action((options: Partial<CheckOptions>) => run(app, { failOn: ["critical", "high"], ...options }));
}

/** Asks for every open drift of the severities and prints them. */
export async function runCheck(app: App, options: CheckOptions): Promise<void> {
  // 1 means findings and nothing else: a refusal must not look like one.
  app.refusedExitCode = EXIT.SERVER;
  const ids = await findResourceIds(app, options.resource);
  if (options.detect) await detectFirst(app, ids);
  const findings: Drift[] = [];
  for (const severity of options.failOn) {
    for (const status of OPEN) findings.push(...await openDrifts(app, { severity, status }, ids));
  }
  await printFindings(app, options, findings);
  app.exitCode = findings.length === 0 ? EXIT.OK : EXIT.FINDINGS;
}

async function detectFirst(app: App, ids: number[]): Promise<void> {
  const job = await detect(app, ids);
  if (job.status === "completed") return;
  const message = `The comparison is ${job.status}, so what is open can't be told yet (job ${job.job_id}).`;
  throw new CliFailure(EXIT.SERVER, message, {
    next: "infraudit check, once it is done: infraudit drifts watch",
  });
}

async function openDrifts(
  app: App,
  query: { severity: Drift["severity"]; status: Drift["status"] },
  ids: number[],
): Promise<Drift[]> {
  if (ids.length === 0) return (await collect<Drift>(app, listDrifts, { query }, "drifts")).data;
  const found: Drift[] = [];
  for (const id of ids) {
    // The resource's own list answers 404 where the resource is gone: an empty list would look like a pass.
    const { data } = await collect<Drift>(app, listResourceDrifts, { params: { id }, query }, "drifts");
    found.push(...data);
  }
  return found;
}

async function printFindings(app: App, options: CheckOptions, findings: Drift[]): Promise<void> {
  const passed = findings.length === 0;
  const severities = options.failOn.join(" or ");
  const body = { passed, fail_on: options.failOn, findings };
  if (app.flags.quiet) await app.terminal.data(findings.map((row) => `${row.id}\n`).join(""));
  else if (!await printRaw(app, body) && !passed) {
    await app.terminal.data(renderTable(app.terminal, DRIFT_COLUMNS, findings));
  }
  const { red, green } = app.terminal.talkColors;
  const one = findings.length === 1;
  await app.note(
    passed
      ? green(`Passed: no ${severities} drift is open.`)
      : red(`Failed: ${findings.length} ${severities} drift${one ? " is" : "s are"} open.`) +
        "\n  next: infraudit drifts get ID",
  );
}

/** What `infraudit check` does: asks what there is, what is open, and how old that is; prints it and decides. */
import type { DriftDetail } from "../../shared/contracts/drifts.ts";
import { type Drift, getDrift, listDrifts, listResourceDrifts } from "../../shared/contracts/drifts.ts";
import type { App } from "../app.ts";
import type { CheckOptions } from "../commands/check.ts";
import { detect } from "../commands/drift_runs.ts";
import { waitForJob } from "../commands/job_runs.ts";
import { CliFailure, EXIT } from "../exit_codes.ts";
import { collect } from "../output/collect.ts";
import { relativeTime } from "../output/relative_time.ts";
import { VERSION } from "../version.ts";
import { isGithubActions, toAnnotations, writeStepSummary } from "./github.ts";
import { printFindings } from "./print_findings.ts";
import { type CheckReport, countOf, severitiesOf } from "./report.ts";
import { findScope } from "./scope.ts";

/** Whatever is not resolved is open. */
const OPEN = ["detected", "investigating"] as const;
const DETAILS_AT_ONCE = 6;

/** Asks for every open drift of the severities, prints them, and sets the exit code. */
export async function runCheck(app: App, options: CheckOptions): Promise<void> {
  // 1 means findings and nothing else: a refusal must not look like one.
  app.refusedExitCode = EXIT.SERVER;
  const scope = await findScope(app, options.resource ?? [], options.maxAge);
  const ids = scope.named.map(({ id }) => id);
  if (options.detect) await detectFirst(app, ids);
  const findings = await openDrifts(app, options.failOn, ids);
  const { webUrl } = await app.settings();
  const { resources, lastSeenAt } = scope;
  const { failOn } = options;
  const report: CheckReport = {
    failOn,
    findings,
    resources,
    lastSeenAt,
    webUrl,
    version: VERSION,
    now: Date.now(),
  };
  await printFindings(app, report, options.format, () => fetchDetails(app, findings));
  app.exitCode = findings.length === 0 ? EXIT.OK : EXIT.FINDINGS;
  await tellVerdict(app, report);
  if (isGithubActions(app.env)) await tellGithub(app, report, options.format);
}

async function detectFirst(app: App, ids: number[]): Promise<void> {
  const asked = await detect(app, ids);
  if (asked.status === "completed") return;
  const { status } = await waitForJob(app, asked.job_id);
  if (status === "done") return;
  const message = `The comparison failed (job ${asked.job_id}), so it is not known what is open.`;
  throw new CliFailure(EXIT.SERVER, message, { next: "infraudit check --detect, once more" });
}

async function openDrifts(
  app: App,
  severities: CheckOptions["failOn"],
  ids: number[],
): Promise<Drift[]> {
  const query = { severity: severities.join(","), status: OPEN.join(","), sort: "-severity" };
  if (ids.length === 0) return (await collect<Drift>(app, listDrifts, { query }, "drifts")).data;
  const found: Drift[] = [];
  for (const id of ids) {
    // The resource's own list answers 404 where the resource is gone: an empty list would look like a pass.
    const { data } = await collect<Drift>(app, listResourceDrifts, { params: { id }, query }, "drifts");
    found.push(...data);
  }
  return found;
}

/** Every finding with its rule and reason, a few at a time. */
async function fetchDetails(app: App, findings: readonly Drift[]): Promise<DriftDetail[]> {
  const client = await app.client();
  const details: DriftDetail[] = [];
  for (let from = 0; from < findings.length; from += DETAILS_AT_ONCE) {
    const some = findings.slice(from, from + DETAILS_AT_ONCE);
    details.push(
      ...await Promise.all(
        some.map(({ id }) => client.call(getDrift, { params: { id } }, { signal: app.signal })),
      ),
    );
  }
  return details;
}

async function tellVerdict(app: App, report: CheckReport): Promise<void> {
  const { red, green } = app.terminal.talkColors;
  const { resources, findings, lastSeenAt, now } = report;
  if (findings.length > 0) {
    return await app.note(
      `${red(`Failed: ${countOf(report)}.`)}\n  next: infraudit drifts get ${findings[0]?.id}`,
    );
  }
  const checked = `${resources} ${resources === 1 ? "resource" : "resources"}`;
  await app.note(
    green(`Passed: ${checked}, newest import ${relativeTime(lastSeenAt, now)}`) +
      `; no ${severitiesOf(report)} drift is open.`,
  );
}

/** Standard output may be a file: GitHub reads workflow commands on standard error as well. */
async function tellGithub(app: App, report: CheckReport, format: CheckOptions["format"]): Promise<void> {
  const annotations = toAnnotations(report);
  if (format !== "github" && annotations !== "") await app.terminal.talk(annotations.trimEnd());
  if (await writeStepSummary(report, app.env)) return;
  await app.warn("The step's summary could not be written.");
}

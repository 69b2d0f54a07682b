/** A check's findings in the wanted format on standard output. */
import type { DriftDetail } from "../../shared/contracts/drifts.ts";
import type { App } from "../app.ts";
import type { CheckOptions } from "../commands/check.ts";
import { DRIFT_COLUMNS } from "../commands/drift_columns.ts";
import { escapeInStrings } from "../output/escape.ts";
import { printRaw } from "../output/print.ts";
import { renderTable } from "../output/table.ts";
import type { CheckReport } from "./report.ts";

/**
 * Prints the findings.
 * @param format what `--format` says; without it `--output` decides
 * @param fetchDetails asked only where the format shows more than the list has
 */
export async function printFindings(
  app: App,
  report: CheckReport,
  format: CheckOptions["format"],
  fetchDetails: () => Promise<DriftDetail[]>,
): Promise<void> {
  const { findings } = report;
  switch (format) {
    case "sarif": {
      const { toSarif } = await import("./sarif.ts");
      return await app.terminal.data(toJson(toSarif({ ...report, details: await fetchDetails() })));
    }
    case "junit": {
      const { toJunit } = await import("./junit.ts");
      return await app.terminal.data(toJunit(report));
    }
    case "github": {
      const { toAnnotations } = await import("./github.ts");
      return await app.terminal.data(toAnnotations(report));
    }
    case "markdown": {
      const { toMarkdown } = await import("./markdown.ts");
      return await app.terminal.data(toMarkdown(report));
    }
    case "json":
      return await app.terminal.data(toJson(toBody(report)));
  }
  if (app.flags.quiet && format === undefined && app.flags.json === undefined && app.flags.jq === undefined) {
    return await app.terminal.data(findings.map((row) => `${row.id}\n`).join(""));
  }
  if (format === undefined && await printRaw(app, toBody(report))) return;
  if (findings.length > 0) await app.terminal.data(renderTable(app.terminal, DRIFT_COLUMNS, findings));
}

function toBody({ failOn, findings, resources, lastSeenAt }: CheckReport) {
  return { passed: findings.length === 0, fail_on: failOn, resources, last_seen_at: lastSeenAt, findings };
}

function toJson(body: unknown): string {
  return `${escapeInStrings(JSON.stringify(body, null, 2))}\n`;
}

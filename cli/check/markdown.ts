/** Findings as Markdown: for a step's summary, a pull request's comment, or a wiki. */
import { toLineText } from "../output/escape.ts";
import { relativeTime } from "../output/relative_time.ts";
import { type CheckReport, countOf, driftUrl } from "./report.ts";

/** GitHub cuts a summary at 1 MiB. */
const MOST_ROWS = 1_000;

/** A heading, how much was checked, and a table of the findings. */
export function toMarkdown(report: CheckReport): string {
  const { findings, resources, lastSeenAt, now } = report;
  const heading = findings.length === 0 ? "✅ Passed" : `❌ ${countOf(report)}`;
  const scope = `${resources} ${resources === 1 ? "resource" : "resources"}, newest import ${
    relativeTime(lastSeenAt, now)
  }.`;
  const rows = findings.slice(0, MOST_ROWS).map((drift) =>
    `| [${drift.id}](${driftUrl(report, drift.id)}) | ${drift.severity} | ${cell(drift.resource_name)} | ` +
    `${cell(drift.resource_type)} | ${cell(drift.summary)} | ${drift.detected_at} |`
  );
  const table = rows.length === 0 ? [] : [
    "",
    "| id | severity | resource | type | summary | detected |",
    "| --: | --- | --- | --- | --- | --- |",
    ...rows,
    ...(findings.length > MOST_ROWS ? ["", `And ${findings.length - MOST_ROWS} more.`] : []),
  ];
  return ["### InfraAudit", "", `**${heading}**: ${scope}`, ...table, ""].join("\n");
}

/** Text of the data is no markup: no link, no HTML, no end of a cell. */
function cell(value: string): string {
  return toLineText(value).replace(/[\\`*_{}[\]()<>#|!~&@]/g, (character) => `&#${character.charCodeAt(0)};`);
}

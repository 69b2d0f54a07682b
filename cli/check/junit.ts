/** Findings as JUnit XML, which every CI system shows as tests. */
import type { Drift } from "../../shared/contracts/drifts.ts";
import { toLineText } from "../output/escape.ts";
import { type CheckReport, driftUrl, severitiesOf } from "./report.ts";

/**
 * One suite: a failed test for each finding, or the one that passed.
 * @see https://github.com/testmoapp/junitxml
 */
export function toJunit(report: CheckReport): string {
  const { findings, now } = report;
  const counts = `tests="${Math.max(1, findings.length)}" failures="${findings.length}" errors="0"`;
  const cases = findings.length === 0
    ? [
      `    <testcase name="${
        attribute(`no ${severitiesOf(report)} drift is open`)
      }" classname="infraudit.check"/>`,
    ]
    : findings.map((drift) => toCase(report, drift));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="infraudit check" ${counts}>`,
    `  <testsuite name="infraudit check" ${counts} timestamp="${new Date(now).toISOString().slice(0, 19)}">`,
    "    <properties>",
    `      <property name="resources" value="${report.resources}"/>`,
    `      <property name="last_seen_at" value="${attribute(report.lastSeenAt)}"/>`,
    "    </properties>",
    ...cases,
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function toCase(report: CheckReport, drift: Drift): string {
  const name = attribute(`${drift.resource_name}: ${drift.summary}`);
  return `    <testcase name="${name}" classname="${attribute(drift.resource_type)}">
      <failure type="${drift.severity}" message="${attribute(drift.summary)}">${
    text(
      [
        `severity: ${drift.severity}`,
        `status: ${drift.status}`,
        `resource: ${drift.resource_name} (${drift.resource_type}, id ${drift.resource_id})`,
        `detected: ${drift.detected_at}`,
        driftUrl(report, drift.id),
      ].map(toLineText).join("\n"),
    )
  }</failure>
    </testcase>`;
}

function attribute(value: string): string {
  return text(toLineText(value)).replaceAll('"', "&quot;");
}

/** XML 1.0 has no way to spell most control characters: escapes were made of them before. */
function text(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replace(
    /[\ufffe\uffff]/g,
    "",
  ).toWellFormed();
}

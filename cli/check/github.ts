/** Findings in GitHub Actions: annotations on the run, and the summary of its step. */
import { appendFile } from "node:fs/promises";
import type { Drift } from "../../shared/contracts/drifts.ts";
import type { Environment } from "../config/settings.ts";
import { toLineText } from "../output/escape.ts";
import { toMarkdown } from "./markdown.ts";
import { type CheckReport, countOf, driftUrl } from "./report.ts";

const COMMANDS: Record<Drift["severity"], "error" | "warning" | "notice"> = {
  critical: "error",
  high: "error",
  medium: "warning",
  low: "notice",
};
/** GitHub shows ten annotations of a kind for each step; more would only be lost. */
const MOST_ANNOTATIONS = 10;

/** Whether this is a step of a GitHub Actions workflow. */
export function isGithubActions(env: Environment): boolean {
  return env.GITHUB_ACTIONS === "true";
}

/**
 * Workflow commands, a line each.
 * @see https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
export function toAnnotations(report: CheckReport): string {
  const shown = new Map<string, number>();
  const lines: string[] = [];
  for (const drift of report.findings) {
    const command = COMMANDS[drift.severity];
    const count = (shown.get(command) ?? 0) + 1;
    shown.set(command, count);
    if (count > MOST_ANNOTATIONS) continue;
    const title = property(`${drift.severity}: ${drift.resource_name}`);
    lines.push(`::${command} title=${title}::${data(`${drift.summary} (${driftUrl(report, drift.id)})`)}`);
  }
  const left = report.findings.length - lines.length;
  if (left > 0) {
    lines.push(`::notice title=infraudit::${data(`${countOf(report)}; ${left} more are in the summary.`)}`);
  }
  return lines.map((line) => `${line}\n`).join("");
}

/** Adds the findings to the step's summary; one that can't be written is no reason to fail a check. */
export async function writeStepSummary(report: CheckReport, env: Environment): Promise<boolean> {
  if (!env.GITHUB_STEP_SUMMARY) return true;
  try {
    await appendFile(env.GITHUB_STEP_SUMMARY, toMarkdown(report));
    return true;
  } catch {
    return false;
  }
}

/** A line break or a percent sign of the data must not end the command or begin another. */
function data(value: string): string {
  return toLineText(value).replaceAll("%", "%25");
}

function property(value: string): string {
  return data(value).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

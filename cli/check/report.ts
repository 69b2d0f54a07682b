/** What a check found, as every output format takes it. */
import type { Drift, DriftDetail } from "../../shared/contracts/drifts.ts";

export interface CheckReport {
  failOn: readonly Drift["severity"][];
  findings: Drift[];
  /** How many resources were checked. */
  resources: number;
  /** When the newest import saw one of them, RFC 3339. */
  lastSeenAt: string;
  webUrl: string;
  /** The command's own version. */
  version: string;
  /** Milliseconds since 1970. */
  now: number;
}

/** A report whose findings carry rule, field and reason. */
export interface DetailedReport extends CheckReport {
  details: DriftDetail[];
}

/** `critical or high` */
export function severitiesOf({ failOn }: CheckReport): string {
  return failOn.length < 2 ? failOn.join("") : `${failOn.slice(0, -1).join(", ")} or ${failOn.at(-1)}`;
}

/** `3 critical or high drifts are open` */
export function countOf(report: CheckReport): string {
  const count = report.findings.length;
  return `${count} ${severitiesOf(report)} ${count === 1 ? "drift is" : "drifts are"} open`;
}

/** The address of a drift's page. */
export function driftUrl({ webUrl }: CheckReport, id: number): string {
  return `${webUrl}/drifts/${id}`;
}

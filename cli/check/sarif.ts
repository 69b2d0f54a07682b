/** Findings as SARIF 2.1.0, the format of GitHub's and GitLab's code scanning. */
import type { Drift, DriftDetail } from "../../shared/contracts/drifts.ts";
import { isUnsafe, toLineText } from "../output/escape.ts";
import { type DetailedReport, driftUrl } from "./report.ts";

const LEVELS: Record<Drift["severity"], "error" | "warning" | "note"> = {
  critical: "error",
  high: "error",
  medium: "warning",
  low: "note",
};
/** GitHub ranks rules by this number: over 9 is critical, from 7 high, from 4 medium. */
const SECURITY_SEVERITY: Record<Drift["severity"], string> = {
  critical: "9.5",
  high: "8.0",
  medium: "5.5",
  low: "2.0",
};

/**
 * One run with a rule for each kind of finding.
 * @returns the log as an object, valid by the standard's schema
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function toSarif(report: DetailedReport): Record<string, unknown> {
  const ids = [...new Set(report.details.map(ruleIdOf))];
  return {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [{
      tool: {
        driver: {
          name: "InfraAudit",
          semanticVersion: report.version,
          informationUri: report.webUrl,
          rules: ids.map((id) => toRule(id, report.details.filter((drift) => ruleIdOf(drift) === id))),
        },
      },
      automationDetails: { id: "infraudit/check/" },
      columnKind: "utf16CodeUnits",
      invocations: [{ executionSuccessful: true, exitCode: report.findings.length === 0 ? 0 : 1 }],
      results: report.details.map((drift) => toResult(report, drift, ids.indexOf(ruleIdOf(drift)))),
      properties: { resources: report.resources, last_seen_at: report.lastSeenAt },
    }],
  };
}

function toRule(id: string, drifts: DriftDetail[]) {
  const worst = drifts.toSorted((a, b) => rank(a.severity) - rank(b.severity))[0] as DriftDetail;
  return {
    id,
    shortDescription: { text: clean(worst.rule ?? `${worst.drift_type} drift`) },
    fullDescription: { text: clean(worst.reason) },
    help: { text: clean(worst.control ? `${worst.reason} See ${worst.control}.` : worst.reason) },
    defaultConfiguration: { level: LEVELS[worst.severity] },
    properties: { tags: [worst.drift_type], "security-severity": SECURITY_SEVERITY[worst.severity] },
  };
}

function toResult(report: DetailedReport, drift: DriftDetail, ruleIndex: number) {
  const { resource_name: name, resource_type: type, field_path: field } = drift;
  const address = addressOf(drift);
  return {
    ruleId: ruleIdOf(drift),
    ruleIndex,
    level: LEVELS[drift.severity],
    message: { text: clean(`${name}: ${drift.summary}. ${drift.reason}`) },
    locations: [{
      // Code scanning shows nothing without a file: the resource stands where the file would.
      physicalLocation: { artifactLocation: { uri: toUri(type, name) }, region: { startLine: 1 } },
      logicalLocations: [{ name: clean(name), fullyQualifiedName: clean(address), kind: "resource" }],
    }],
    partialFingerprints: { "infraauditDrift/v1": `${drift.resource_id}:${field}` },
    hostedViewerUri: driftUrl(report, drift.id),
    properties: {
      severity: drift.severity,
      status: drift.status,
      field: clean(field),
      detected_at: drift.detected_at,
      drift_id: drift.id,
      resource_id: drift.resource_id,
      fix: clean(drift.fix),
      ...(drift.module === null ? {} : { module: clean(drift.module) }),
    },
  };
}

/** The address that Terraform, or another tool, has for the resource; without one what it would begin with. */
function addressOf({ address, resource_type: type, resource_name: name }: DriftDetail): string {
  if (address !== null) return address;
  return name.startsWith(`${type}.`) || name.includes(`.${type}.`) ? name : `${type}.${name}`;
}

function ruleIdOf({ rule, drift_type: type }: DriftDetail): string {
  return rule ? rule.replace(/[^A-Za-z0-9._/-]+/g, "-") : `${type}-drift`;
}

function toUri(...parts: string[]): string {
  return parts.map((part) => encodeURIComponent(clean(part))).join("/");
}

/** Viewers show this text as it is. */
function clean(text: string): string {
  return isUnsafe(text) ? toLineText(text) : text;
}

function rank(severity: Drift["severity"]): number {
  return Object.keys(LEVELS).indexOf(severity);
}

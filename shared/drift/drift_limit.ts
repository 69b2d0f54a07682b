/** How many drifts one resource may have: past that the least severe ones are told of in one. */
import { createHash } from "node:crypto";
import type { Change } from "./diff.ts";
import type { DetectedDrift } from "./detect.ts";
import type { Severity } from "./rules/rule.ts";
import { lengthOf } from "./value_cut.ts";

/** The path of the drift that stands for all others of a resource. */
export const FURTHER_FIELDS = "(further fields)";

/** What a drift takes beside its values: its words, and its row. */
const DRIFT_LENGTH = 400;
/** What any resource's drifts may take, on top of as much as the two configurations themselves. */
const BASE_LENGTH = 4 * 1024;
const BASE_JUDGED = 24;
const LENGTH_PER_JUDGED = 512;
const NAMED_FIELDS = 20;
const SEVERITIES: readonly Severity[] = ["critical", "high", "medium", "low"];

/** @param length of both configurations as JSON; @returns how many changes of them are judged one by one */
export function mostJudged(length: number): number {
  return BASE_JUDGED + Math.floor(length / LENGTH_PER_JUDGED);
}

/**
 * Keeps a resource's drifts in proportion to the resource.
 * @param drifts those that were judged
 * @param rest changes beyond {@link mostJudged}
 * @param length of both configurations as JSON
 * @returns the most severe ones as they are, ordered by path, and at most one that stands for all others
 */
export function limitDrifts(
  drifts: readonly DetectedDrift[],
  rest: readonly Change[],
  length: number,
): DetectedDrift[] {
  let left = BASE_LENGTH + length;
  const byWeight = drifts.toSorted((a, b) => rank(a) - rank(b));
  const kept = new Set<DetectedDrift>();
  for (const drift of byWeight) {
    left -= DRIFT_LENGTH + 2 * drift.field_path.length + lengthOf(drift.baseline_value) +
      lengthOf(drift.current_value);
    if (left < 0 && kept.size > 0) break;
    kept.add(drift);
  }
  const dropped = byWeight.slice(kept.size);
  const shown = drifts.filter((drift) => kept.has(drift));
  if (dropped.length + rest.length === 0) return shown;
  return [furtherFields(dropped, rest), ...shown];
}

function furtherFields(dropped: readonly DetectedDrift[], rest: readonly Change[]): DetectedDrift {
  const paths = [...dropped.map(({ field_path }) => field_path), ...rest.map(({ path }) => path)].sort();
  const digest = createHash("sha256");
  for (const drift of dropped) digest.update(JSON.stringify([drift.field_path, drift.current_value]));
  for (const { path, after } of rest) digest.update(JSON.stringify([path, after ?? null]));
  const reason = rest.length > 0
    ? "More fields changed than are judged one by one"
    : "Further fields changed, none more severe than those listed";
  return {
    field_path: FURTHER_FIELDS,
    drift_type: dropped[0]?.drift_type ?? "configuration",
    // What was not judged may be anything.
    severity: rest.length > 0 ? "high" : dropped[0]!.severity,
    summary: `${paths.length} further fields: ${reason}`,
    reason,
    rule: null,
    control: null,
    baseline_value: null,
    current_value: {
      cut: true,
      fields: paths.length,
      sha256: digest.digest("hex"),
      part: paths.slice(0, NAMED_FIELDS),
    },
  };
}

function rank({ severity }: DetectedDrift): number {
  return SEVERITIES.indexOf(severity);
}

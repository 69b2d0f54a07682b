/** Finds and judges the drifts of one resource from its baseline. */
import { createHash } from "node:crypto";
import { canonicalize } from "./canonical.ts";
import { diffCanonical } from "./diff.ts";
import { documentedDefault } from "./documented_defaults.ts";
import { dottedNames } from "./field_path.ts";
import { canonicalText, isRecord, type Json, type JsonRecord } from "./json.ts";
import type { DriftType, Severity } from "./rules/rule.ts";
import { judge } from "./severity.ts";

/** What is compared of a resource: its configuration and, where that has none, its tags. */
export interface Captured {
  configuration: JsonRecord;
  tags?: Record<string, string>;
}

export interface DetectedDrift {
  /** Unique within the resource: the drift's fingerprint. */
  field_path: string;
  drift_type: DriftType;
  severity: Severity;
  /** One sentence for a list. */
  summary: string;
  reason: string;
  rule: string | null;
  control: string | null;
  /** In canonical form; where the field is missing its documented default, else `null`. */
  baseline_value: Json;
  current_value: Json;
}

/**
 * @param type Terraform resource type
 * @returns one entry a field, ordered by path; empty when nothing that counts differs
 */
export function detectDrifts(type: string, baseline: Captured, current: Captured): DetectedDrift[] {
  const [before, after] = [comparable(type, baseline), comparable(type, current)];
  return diffCanonical(type, before, after).map((change) => {
    const { severity, drift_type, reason, rule, control } = judge(type, change, before, after);
    return {
      field_path: change.path,
      drift_type,
      severity,
      summary: `${change.path}: ${reason}`,
      reason,
      rule,
      control,
      baseline_value: effective(type, dottedNames(change.steps), change.before, change.after),
      current_value: effective(type, dottedNames(change.steps), change.after, change.before),
    };
  });
}

/** The canonical form of a resource, tags included. */
export function comparable(type: string, { configuration, tags }: Captured): JsonRecord {
  const hasOwnTags = ["tags", "tags_all", "labels", "effective_labels", "tag", "metadata"]
    .some((name) => Object.hasOwn(configuration, name));
  const whole = hasOwnTags || tags === undefined ? configuration : { ...configuration, tags };
  return canonicalize(type, whole);
}

/**
 * SHA-256 of the canonical form, hex: equal exactly when nothing that counts differs.
 * @returns 64 hex digits
 */
export function fingerprintOf(type: string, captured: Captured): string {
  return createHash("sha256").update(canonicalText(comparable(type, captured))).digest("hex");
}

/** A value as it takes effect: what is missing of it is filled with documented defaults, as far as the other has it. */
function effective(type: string, path: string, value: Json | undefined, other: Json | undefined): Json {
  if (value !== undefined) return value;
  const known = documentedDefault(type, path);
  if (known !== undefined) return known;
  if (!isRecord(other)) return null;
  const filled = Object.keys(other)
    .map((name): [string, Json] => [name, effective(type, `${path}.${name}`, undefined, other[name])])
    .filter(([, part]) => part !== null);
  return filled.length > 0 ? Object.fromEntries(filled) : null;
}

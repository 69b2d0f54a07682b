/** Finds and judges the drifts of one resource from its baseline. */
import { createHash } from "node:crypto";
import { canonicalize } from "./canonical.ts";
import { type Change, diffCanonical } from "./diff.ts";
import { canonicalText, type Json, type JsonRecord } from "./json.ts";
import { isPolicyDocument } from "./policy_document.ts";
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
  /** In canonical form; `null` where the field is missing or has its default. */
  baseline_value: Json;
  current_value: Json;
  /** What a list gained and lost; absent for other values. */
  added?: Json[];
  removed?: Json[];
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
      baseline_value: change.before ?? null,
      current_value: change.after ?? null,
      ...listChanges(change),
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

function listChanges({ before, after }: Change): { added?: Json[]; removed?: Json[] } {
  const [a, b] = [elementsOf(before), elementsOf(after)];
  if (a === undefined && b === undefined) return {};
  const [was, is] = [new Set((a ?? []).map(canonicalText)), new Set((b ?? []).map(canonicalText))];
  return {
    added: (b ?? []).filter((element) => !was.has(canonicalText(element))),
    removed: (a ?? []).filter((element) => !is.has(canonicalText(element))),
  };
}

/** The elements of a list, or the statements of a policy. */
function elementsOf(value: Json | undefined): Json[] | undefined {
  if (Array.isArray(value)) return value;
  return isPolicyDocument(value) && Array.isArray(value.Statement) ? value.Statement : undefined;
}

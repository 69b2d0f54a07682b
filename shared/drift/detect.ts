/** Finds and judges the drifts of one resource from its baseline. */
import { createHash } from "node:crypto";
import { canonicalize } from "./canonical.ts";
import { type Change, diffCanonical } from "./diff.ts";
import { documentedDefault } from "./documented_defaults.ts";
import { dottedNames } from "./field_path.ts";
import { limitDrifts, mostJudged } from "./drift_limit.ts";
import { isRecord, type Json, type JsonRecord } from "./json.ts";
import { homeOf, type Meaning, meaningOf } from "./meaning.ts";
import type { DriftType, Severity } from "./rules/rule.ts";
import { judge } from "./severity.ts";
import { cutValue, lengthOf } from "./value_cut.ts";

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
 * @returns one entry a field, ordered by path; empty when nothing that counts differs. Values are cut and fields
 *   are summed up where there would be more to store than there is of the resource itself
 */
export function detectDrifts(type: string, baseline: Captured, current: Captured): DetectedDrift[] {
  const meaning = meaningOf(type);
  const [before, after] = [comparable(type, baseline, meaning), comparable(type, current, meaning)];
  const home = { ...homeOf(baseline.configuration), ...homeOf(current.configuration) };
  const changes = diffCanonical(type, before, after, meaning, home).filter((change) =>
    !isUnsaid(type, change)
  );
  const length = changes.length > FEW ? lengthOf(before) + lengthOf(after) : 0;
  const judged = changes.slice(0, mostJudged(length));
  const drifts = judged.flatMap((change): DetectedDrift[] => {
    const { severity, drift_type, reason, rule, control } = judge(type, change, before, after);
    if (rule === null && isNeutral(change)) return [];
    const path = dottedNames(change.steps);
    const name = path.slice(path.lastIndexOf(".") + 1);
    const was = effective(type, path, change.before, change.after);
    const is = effective(type, path, change.after, change.before);
    const textOf = (value: Json) => meaning.text(value, name);
    return [{
      field_path: change.path,
      drift_type,
      severity,
      summary: `${change.path}: ${reason}`,
      reason,
      rule,
      control,
      baseline_value: cutValue(was, is, textOf),
      current_value: cutValue(is, was, textOf),
    }];
  });
  return changes.length <= FEW ? drifts : limitDrifts(drifts, changes.slice(judged.length), length);
}

/** So few drifts need no limit but that of their values. */
const FEW = 8;

/** True where one side doesn't say what it has: providers of AWS name the region since version 6. */
function isUnsaid(type: string, { path, before, after }: Change): boolean {
  return path === "region" && type.startsWith("aws_") && (before === undefined || after === undefined);
}

/** True for a field that no rule knows and that appears, or goes, with the value of what is not set. */
function isNeutral({ before, after }: Change): boolean {
  if (before !== undefined && after !== undefined) return false;
  return isUnset(before ?? after ?? null);
}

function isUnset(value: Json): boolean {
  if (value === null || value === false || value === 0) return true;
  if (typeof value === "string") return /^(|0|false|none|null)$/i.test(value);
  return typeof value === "object" && Object.values(value).every(isUnset);
}

/** The canonical form of a resource, tags included; the last one is remembered, for who asks of it again at once. */
export function comparable(type: string, captured: Captured, meaning: Meaning = meaningOf(type)): JsonRecord {
  const { configuration, tags } = captured;
  if (last?.configuration === configuration && last.tags === tags && last.type === type) {
    return last.canonical;
  }
  const canonical = canonicalOf(type, captured, meaning);
  last = { type, configuration, tags, canonical };
  return canonical;
}

let last: (Captured & { type: string; canonical: JsonRecord }) | undefined;

function canonicalOf(type: string, { configuration, tags }: Captured, meaning: Meaning): JsonRecord {
  const hasOwnTags = ["tags", "tags_all", "labels", "effective_labels", "tag", "metadata"]
    .some((name) => Object.hasOwn(configuration, name));
  const whole = hasOwnTags || tags === undefined ? configuration : { ...configuration, tags };
  return canonicalize(type, whole, meaning);
}

/**
 * SHA-256 of what the configuration means, hex: where two are equal, nothing that counts differs.
 * @returns 64 hex digits
 */
export function fingerprintOf(type: string, captured: Captured): string {
  const { configuration, tags } = captured;
  const known = fingerprints.get(configuration);
  if (known !== undefined && known.tags === tags && known.type === type) return known.fingerprint;
  const meaning = meaningOf(type);
  const text = meaning.text(canonicalOf(type, captured, meaning));
  const fingerprint = createHash("sha256").update(text).digest("hex");
  fingerprints.set(configuration, { type, tags, fingerprint });
  return fingerprint;
}

/** An import asks twice: before it knows what it meets, and after. */
const fingerprints = new WeakMap<
  JsonRecord,
  { type: string; tags: Captured["tags"]; fingerprint: string }
>();

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

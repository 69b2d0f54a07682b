/** Judges a change: the worst that any rule of the table says, in words. */
import type { Change } from "./diff.ts";
import { documentedDefault } from "./documented_defaults.ts";
import { dottedNames, type Step } from "./field_path.ts";
import { isRecord, type Json, type JsonRecord } from "./json.ts";
import { CAPACITY_RULES } from "./rules/capacity.ts";
import { ENCRYPTION_RULES } from "./rules/encryption.ts";
import { IDENTITY_RULES } from "./rules/identity.ts";
import { LABEL_MAPS, LABEL_RULES } from "./rules/labels.ts";
import { NETWORK_RULES } from "./rules/network.ts";
import { PUBLIC_ACCESS_RULES } from "./rules/public_access.ts";
import type { Direction, DriftType, Facet, FieldRule, Finding, Rule, Scene, Severity } from "./rules/rule.ts";
import { SAFEGUARD_RULES } from "./rules/safeguards.ts";

/** The whole table, in the order in which equal severities are decided. */
export const RULES: readonly Rule[] = [
  ...PUBLIC_ACCESS_RULES,
  ...NETWORK_RULES,
  ...ENCRYPTION_RULES,
  ...IDENTITY_RULES,
  ...SAFEGUARD_RULES,
  ...CAPACITY_RULES,
];

export interface Verdict {
  severity: Severity;
  drift_type: DriftType;
  /** One sentence without a full stop. */
  reason: string;
  /** The rule's id and public control; `null` where no rule knows the field. */
  rule: string | null;
  control: string | null;
}

const UNKNOWN_FIELD: Verdict = {
  severity: "medium",
  drift_type: "configuration",
  reason: "The configuration changed",
  rule: null,
  control: null,
};
const SEVERITIES: readonly Severity[] = ["critical", "high", "medium", "low"];

/**
 * @param type Terraform resource type
 * @param before the whole configuration in canonical form, as `after`
 * @returns the worst finding; hardening alone is `low`; `medium` where no rule knows the field
 */
export function judge(type: string, change: Change, before: JsonRecord, after: JsonRecord): Verdict {
  const label = judgeLabel(change);
  if (label !== undefined) return label;
  const scene: Scene = { type, change, before, after };
  const facets = facetsOf(type, change);
  const verdicts: Verdict[] = [];
  for (const rule of RULES) {
    if (rule.types !== undefined && !rule.types.test(type)) continue;
    if ("judge" in rule) {
      const finding = rule.judge(scene);
      if (finding !== undefined) verdicts.push(verdictOf(rule, finding));
    } else {
      for (const facet of facets) {
        if (!rule.fields.some((field) => isFieldAt(field, facet.path))) continue;
        const direction = rule.compare(facet);
        if (direction !== undefined) verdicts.push(verdictOf(rule, findingOf(rule, direction)));
      }
    }
  }
  const rank = (verdict: Verdict) => SEVERITIES.indexOf(verdict.severity);
  return verdicts.reduce<Verdict | undefined>(
    (worst, verdict) => worst === undefined || rank(verdict) < rank(worst) ? verdict : worst,
    undefined,
  ) ?? UNKNOWN_FIELD;
}

function judgeLabel(change: Change): Verdict | undefined {
  const names = change.steps.filter((step) => typeof step === "string");
  const isLabelMap = LABEL_MAPS.includes(names[0]!) ||
    (names[0] === "metadata" && LABEL_MAPS.includes(names[1] ?? ""));
  const [tags, words] = LABEL_RULES as [FieldRule, FieldRule];
  if (isLabelMap) return verdictOf(tags, findingOf(tags, "changed"));
  const path = dottedNames(change.steps);
  if (words.fields.some((field) => isFieldAt(field, path))) {
    return verdictOf(words, findingOf(words, "changed"));
  }
  return undefined;
}

function findingOf(rule: FieldRule, direction: Exclude<Direction, undefined>): Finding {
  return direction === "stronger"
    ? { direction, severity: "low", reason: rule.stronger ?? "The setting is stronger than before" }
    : { direction, severity: rule.severity, reason: rule.weaker };
}

function verdictOf(rule: Rule, finding: Finding): Verdict {
  return {
    severity: finding.severity,
    drift_type: rule.drift_type,
    reason: finding.reason,
    rule: rule.id,
    control: rule.control,
  };
}

/** `/a.b` is the whole path; `b` and `a.b` are its end. */
function isFieldAt(field: string, path: string): boolean {
  if (field.startsWith("/")) return path === field.slice(1);
  return path === field || path.endsWith(`.${field}`);
}

/** Every field at and below a change, with its values before and after. */
function facetsOf(type: string, change: Change): Facet[] {
  const facets = new Map<string, { path: string; before: Json[]; after: Json[] }>();
  const collect = (value: Json | undefined, path: string, side: "before" | "after"): void => {
    if (value === undefined) return;
    if (Array.isArray(value)) {
      for (const element of value) collect(element, path, side);
      return;
    }
    const facet = facets.get(path) ?? { path, before: [], after: [] };
    facets.set(path, facet);
    facet[side].push(value);
    if (isRecord(value)) {
      for (const name of Object.keys(value)) collect(value[name], `${path}.${name}`, side);
    }
  };
  const path = dottedNames(change.steps as Step[]);
  collect(change.before, path, "before");
  collect(change.after, path, "after");
  for (const facet of facets.values()) {
    const known = documentedDefault(type, facet.path);
    if (known === undefined || known === null) continue;
    if (facet.before.length === 0) facet.before.push(known);
    if (facet.after.length === 0) facet.after.push(known);
  }
  return [...facets.values()];
}

/** Judges a change: what the table's most specific rules say of it, the worst of them, in words. */
import type { Change } from "./diff.ts";
import { documentedDefault } from "./documented_defaults.ts";
import { type Step, valueAt } from "./field_path.ts";
import { isRecord, type Json, type JsonRecord } from "./json.ts";
import { controlFor } from "./rules/controls.ts";
import { isLabel, LABEL_MAPS, LABEL_RULES } from "./rules/labels.ts";
import { isNeutral } from "./rules/neutral.ts";
import { isFieldAt, lastName, lastTwoNames, snakeCase } from "./rules/names.ts";
import {
  type DriftType,
  type Facet,
  type FieldRule,
  type Finding,
  type Rule,
  type Scene,
  type SceneRule,
  SEVERITIES,
  type Severity,
} from "./rules/rule.ts";
import { RULES } from "./rules/table.ts";

export interface Verdict {
  severity: Severity;
  drift_type: DriftType;
  /** One sentence without a full stop. */
  reason: string;
  /** The rule's id and public control; `null` where no rule knows the field. */
  rule: string | null;
  control: string | null;
}

const UNKNOWN_CHANGED: Verdict = {
  severity: "medium",
  drift_type: "configuration",
  reason: "The configuration changed",
  rule: null,
  control: null,
};
const UNKNOWN_APPEARED: Verdict = {
  ...UNKNOWN_CHANGED,
  severity: "low",
  reason: "A setting that was not there before has a value",
};

const UNKNOWN_NEUTRAL: Verdict = {
  ...UNKNOWN_CHANGED,
  severity: "low",
  reason: "An order changed, or something empty was added",
};

const SCENE_RULES = RULES.filter((rule): rule is SceneRule => "judge" in rule);
const FIELD_RULES = RULES.filter((rule): rule is FieldRule => !("judge" in rule));
/** By the last name of their fields, so that a change meets only rules that may speak of it. */
const RULES_BY_NAME = new Map<string, [rule: FieldRule, field: string][]>();
for (const rule of FIELD_RULES) {
  for (const field of rule.fields ?? []) {
    const name = lastName(field.replace("/", ""));
    const entries = RULES_BY_NAME.get(name) ?? [];
    RULES_BY_NAME.set(name, entries);
    entries.push([rule, field]);
  }
}
const NAME_RULES = FIELD_RULES.filter((rule) => rule.names !== undefined);

/**
 * Rules that see the resource are asked first; then, for every field within the change, rules for its type, rules for
 * its name, and rules for what its name or value means.
 * @param type Terraform resource type
 * @param before the whole configuration in canonical form, as `after`
 * @returns the worst finding; hardening alone is `low`; where no rule knows the field, `medium`, or `low` if it is new
 */
export function judge(type: string, change: Change, before: JsonRecord, after: JsonRecord): Verdict {
  const scene: Scene = { type, change, before, after };
  const verdicts: Verdict[] = [];
  for (const rule of SCENE_RULES) {
    if (rule.types !== undefined && !rule.types.test(type)) continue;
    const finding = rule.judge(scene);
    if (finding !== undefined) verdicts.push(verdictOf(type, rule, finding));
  }
  if (verdicts.length === 0) {
    const label = labelRule(change);
    if (label !== undefined) return verdictOf(type, label, findingOf(type, label, "changed"));
    for (const facet of facetsOf(scene)) verdicts.push(...judgeFacet(type, facet));
  }
  return verdicts.sort((a, b) => rank(a) - rank(b))[0] ?? unknown(scene);
}

function unknown({ change, before, after }: Scene): Verdict {
  if (change.before === undefined) return UNKNOWN_APPEARED;
  if (isNeutral(change.before, change.after)) return UNKNOWN_NEUTRAL;
  const isReordered = change.steps.some((step, depth) => {
    if (typeof step !== "number") return false;
    const lists = listsAt(change.steps.slice(0, depth), before, after);
    return lists !== undefined && isNeutral(...lists);
  });
  return isReordered ? UNKNOWN_NEUTRAL : UNKNOWN_CHANGED;
}

/** Worst first; of equal ones, what is more than plain configuration; of these, the table's order. */
function rank({ severity, drift_type }: Verdict): number {
  return SEVERITIES.indexOf(severity) * 2 + (drift_type === "configuration" ? 1 : 0);
}

/** The verdicts of the most specific rules that have something to say of a field. */
function judgeFacet(type: string, facet: Facet): Verdict[] {
  const named = (RULES_BY_NAME.get(lastName(facet.field)) ?? [])
    .filter(([rule, field]) => isFieldAt(field, facet.field) && (rule.types?.test(type) ?? true))
    .map(([rule]) => rule);
  const tiers = [
    named.filter((rule) => rule.types !== undefined),
    named.filter((rule) => rule.types === undefined),
  ];
  for (const rules of tiers) {
    const verdicts = rules.flatMap((rule) => verdictsOf(type, rule, facet));
    if (verdicts.length > 0) return verdicts;
  }
  const meaning = meaningOf(type, facet);
  if (meaning.length > LONGEST_NAME) return [];
  for (const rule of NAME_RULES) {
    if (!rule.names!.test(meaning) || !(rule.types?.test(type) ?? true)) continue;
    const verdicts = verdictsOf(type, rule, facet);
    if (verdicts.length > 0) return verdicts;
  }
  return [];
}

/** Longer names mean nothing to anyone, and patterns should not be tried on them. */
const LONGEST_NAME = 120;
/** Names that say nothing without what they belong to. */
const BARE_SWITCH = /^((is_)?enabled?|disabled?|state|status|value)$/;

/** A field's name with its parent's; a bare switch at the top belongs to the resource itself. */
function meaningOf(type: string, { field, before, after }: Facet): string {
  const names = lastTwoNames(field);
  // A state that is not known on one side, such as that of something being made, is no switch.
  const isKnown = names.endsWith("abled") || names === "enable" || (before.length > 0 && after.length > 0);
  return isKnown && BARE_SWITCH.test(names) ? `${type.slice(type.indexOf("_") + 1)}.${names}` : names;
}

function verdictsOf(type: string, rule: FieldRule, facet: Facet): Verdict[] {
  const direction = rule.compare(facet);
  return direction === undefined ? [] : [verdictOf(type, rule, findingOf(type, rule, direction))];
}

function labelRule({ steps }: Change): FieldRule | undefined {
  const names = steps.filter((step) => typeof step === "string").map(snakeCase);
  return LABEL_RULES.find((rule) => isLabel(rule, names));
}

function findingOf(type: string, rule: FieldRule, direction: Finding["direction"]): Finding {
  if (direction === "stronger") {
    return { direction, severity: "low", reason: rule.stronger ?? "The setting is stronger than before" };
  }
  const severity = rule.severities?.find(([types]) => types.test(type))?.[1] ?? rule.severity;
  return { direction, severity, reason: rule.weaker };
}

function verdictOf(type: string, rule: Rule, finding: Finding): Verdict {
  return {
    severity: finding.severity,
    drift_type: rule.drift_type,
    reason: finding.reason,
    rule: rule.id,
    control: controlFor(type, rule.control),
  };
}

/** An option in a command, which is a field too. */
const FLAG = /^--([A-Za-z][\w-]{1,60})=([^]{0,500})$/;

/** Longer lists are judged element by element. */
const LONGEST_LIST = 200;

/** The lists that a changed text or number is in: what they hold counts, not where. */
function wholeList({ steps, before: old, after: now }: Change, before: JsonRecord, after: JsonRecord) {
  if (typeof steps.at(-1) !== "number" || isRecord(old) || isRecord(now)) return undefined;
  return listsAt(steps.slice(0, -1), before, after);
}

function listsAt(
  steps: readonly Step[],
  before: JsonRecord,
  after: JsonRecord,
): [Json[], Json[]] | undefined {
  const [was, is] = [valueAt(before, steps), valueAt(after, steps)];
  if (!Array.isArray(was) || !Array.isArray(is) || was.length + is.length > LONGEST_LIST) return undefined;
  return [was, is];
}

/** Every field at and below a change, with its values before and after; maps of labels are one field. */
function facetsOf({ type, change, before, after }: Scene): Facet[] {
  const facets = new Map<string, { field: string; before: Json[]; after: Json[] }>();
  const collect = (value: Json | undefined, path: string, field: string, side: "before" | "after"): void => {
    if (value === undefined) return;
    if (Array.isArray(value)) {
      for (const element of value) collect(element, path, field, side);
      return;
    }
    const facet = facets.get(path) ?? { field, before: [], after: [] };
    facets.set(path, facet);
    facet[side].push(value);
    if (typeof value === "string") {
      const flag = FLAG.exec(value);
      if (flag !== null) {
        collect(flag[2]!, `${path}.flag.${flag[1]!}`, `${field}.flag.${snakeCase(flag[1]!)}`, side);
      }
    }
    if (!isRecord(value)) return;
    for (const name of Object.keys(value)) {
      if (LABEL_MAPS.has(name)) continue;
      collect(value[name], `${path}.${name}`, `${field}.${snakeCase(name)}`, side);
    }
  };
  const names = change.steps.filter((step: Step) => typeof step === "string");
  const [path, field] = [names.join("."), names.map(snakeCase).join(".")];
  const [was, is] = wholeList(change, before, after) ?? [change.before, change.after];
  collect(was, path, field, "before");
  collect(is, path, field, "after");
  for (const [place, facet] of facets) {
    const known = documentedDefault(type, place);
    if (known === undefined || known === null) continue;
    if (facet.before.length === 0) facet.before.push(known);
    if (facet.after.length === 0) facet.after.push(known);
  }
  return [...facets.values()];
}

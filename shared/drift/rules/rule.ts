/** What a severity rule is: the fields it speaks of, which direction is weaker, and what that means. */
import type { Change } from "../diff.ts";
import type { Json, JsonRecord } from "../json.ts";
import type { Controls } from "./controls.ts";

export type Severity = "critical" | "high" | "medium" | "low";
export type DriftType = "configuration" | "security" | "compliance";

/**
 * Whether a change makes the resource weaker or stronger, or is one that counts either way;
 * `undefined` where the rule has nothing to say.
 */
export type Direction = "weaker" | "stronger" | "changed" | undefined;

/** All values of one field before and after; a list stands for its elements, a missing field for its default. */
export interface Facet {
  /** Dotted path in snake case, list indexes left out. */
  field: string;
  before: readonly Json[];
  after: readonly Json[];
}

/** A change with the resource around it, in canonical form. */
export interface Scene {
  type: string;
  change: Change;
  before: JsonRecord;
  after: JsonRecord;
}

interface RuleBase {
  /** Unique, for tests and documentation. */
  id: string;
  /** Resource types the rule is for; all where absent. */
  types?: RegExp;
  drift_type: DriftType;
  /** The public control or guide it follows, by provider. */
  control: Controls;
}

/** A rule about fields by name. */
export interface FieldRule extends RuleBase {
  /**
   * Ends of dotted paths in snake case (`versioning.enabled`, or a name at any depth); a leading `/` means the whole
   * path. A field named like this is judged before what `names` match.
   */
  fields?: readonly string[];
  /** What a field is called whatever its resource: matched with its parent's and its own name, `parent.name`. */
  names?: RegExp;
  compare: (facet: Facet) => Direction;
  /** Of the weaker direction, and of `changed`; the stronger direction is always `low`. */
  severity: Severity;
  /** Resource types where the experts' severity is another. */
  severities?: readonly (readonly [types: RegExp, severity: Severity])[];
  /** Why, in words, for the weaker direction and for `changed`. */
  weaker: string;
  stronger?: string;
}

/** What a rule found about a whole change. */
export interface Finding {
  direction: Exclude<Direction, undefined>;
  severity: Severity;
  reason: string;
}

/** A rule that needs to see the resource, such as the ports that a firewall opens. */
export interface SceneRule extends RuleBase {
  judge: (scene: Scene) => Finding | undefined;
}

export type Rule = FieldRule | SceneRule;

/** The severities from worst to least. */
export const SEVERITIES: readonly Severity[] = ["critical", "high", "medium", "low"];

/** The worst of some findings; the first of equal ones. */
export function worstOf(findings: readonly Finding[]): Finding | undefined {
  const rank = ({ severity }: Finding) => SEVERITIES.indexOf(severity);
  return findings.reduce<Finding | undefined>(
    (worst, finding) => worst === undefined || rank(finding) < rank(worst) ? finding : worst,
    undefined,
  );
}

/** Judges a resource's two states once, however many of its fields changed. */
export function oncePerPair(judge: (scene: Scene) => Finding | undefined): SceneRule["judge"] {
  const known = new WeakMap<JsonRecord, { after: JsonRecord; finding: Finding | undefined }>();
  return (scene) => {
    const last = known.get(scene.before);
    if (last?.after === scene.after) return last.finding;
    const finding = judge(scene);
    known.set(scene.before, { after: scene.after, finding });
    return finding;
  };
}

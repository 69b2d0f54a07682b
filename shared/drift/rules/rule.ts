/** What a severity rule is: the fields it speaks of, which direction is weaker, and what that means. */
import type { Change } from "../diff.ts";
import type { Json, JsonRecord } from "../json.ts";

export type Severity = "critical" | "high" | "medium" | "low";
export type DriftType = "configuration" | "security" | "compliance";

/**
 * Whether a change makes the resource weaker or stronger, or is one that counts either way;
 * `undefined` where the rule has nothing to say.
 */
export type Direction = "weaker" | "stronger" | "changed" | undefined;

/** All values of one field before and after; a list stands for its elements, a missing field for its default. */
export interface Facet {
  /** Dotted path, list indexes left out. */
  path: string;
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
  /** The public control or guide it follows. */
  control: string;
}

/** A rule about fields by name. */
export interface FieldRule extends RuleBase {
  /** Ends of dotted paths (`versioning.enabled`, or a name at any depth); a leading `/` means the whole path. */
  fields: readonly string[];
  compare: (facet: Facet) => Direction;
  /** Of the weaker direction, and of `changed`; the stronger direction is always `low`. */
  severity: Severity;
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

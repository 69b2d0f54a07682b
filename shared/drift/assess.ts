/** Judges one configuration by itself: which of its settings would be a danger if they had just been made. */
import { type Captured, comparable } from "./detect.ts";
import { formatPath, type Step } from "./field_path.ts";
import { isRecord, type Json, type JsonRecord } from "./json.ts";
import { MASK_PREFIX } from "./keyed_hash.ts";
import type { DriftType, Severity } from "./rules/rule.ts";
import { isPolicyDocument } from "./policy_document.ts";
import { judge, type Verdict } from "./severity.ts";

export interface Risk {
  field_path: string;
  severity: Severity;
  drift_type: DriftType;
  reason: string;
  rule: string | null;
  control: string | null;
  value: Json;
}

/** A risk with what would be safe in its place; `undefined` where the field should not be there. */
interface Finding extends Risk {
  steps: readonly Step[];
  safe: Json | undefined;
}

const RANK: Record<Severity, number> = { critical: 0, high: 1, medium: 2, low: 3 };
/** Deepest block that is looked into by itself, and most fields of one resource. */
const MAX_DEPTH = 6;
const MAX_FIELDS = 400;
/** The other position of a switch that is written as a word. */
const OPPOSITES: Record<string, string> = Object.fromEntries(
  [["enabled", "disabled"], ["on", "off"], ["true", "false"], ["yes", "no"], ["required", "optional"]]
    .flatMap(([a, b]) => [[a!, b!], [b!, a!]]),
);

/**
 * The settings that rules call dangerous, each judged as a change from what would be safe: a switch from its other
 * position (medium or worse), anything else from not being there (high or critical).
 * @param type Terraform resource type
 * @returns worst first, of equals in the order of their paths
 */
export function assess(type: string, captured: Captured): Risk[] {
  return findings(type, captured).map(({ steps: _steps, safe: _safe, ...risk }) => risk);
}

/**
 * The same configuration with its dangerous settings (high or critical) made safe: what a resource that appeared in
 * a known source is held against.
 * @returns `undefined` where nothing in it is that dangerous
 */
export function safeCounterpart(type: string, captured: Captured): JsonRecord | undefined {
  const dangers = findings(type, captured).filter(({ severity }) => RANK[severity] <= RANK.high);
  if (dangers.length === 0) return undefined;
  // From the back, so that removing an element of a list leaves the places before it as they are.
  return dangers.toSorted((a, b) => a.field_path < b.field_path ? 1 : -1)
    .reduce(
      (safe, { steps, safe: value }) => withAt(safe, steps, value) as JsonRecord,
      comparable(type, captured),
    );
}

function findings(type: string, captured: Captured): Finding[] {
  const current = comparable(type, captured);
  const found: Finding[] = [];
  let looked = 0;
  const look = (value: Json, steps: readonly Step[]): boolean => {
    if (++looked > MAX_FIELDS || (typeof value === "string" && value.startsWith(MASK_PREFIX))) return false;
    // The parts of a block first: the place of a danger shall be as exact as can be.
    if (isRecord(value) && !isPolicyDocument(value) && steps.length < MAX_DEPTH) {
      const inside = Object.keys(value).map((name) => look(value[name]!, [...steps, name]));
      if (inside.some(Boolean)) return true;
    }
    const worst = [opposite(value), undefined]
      .filter((safe, index) => index === 1 || safe !== undefined)
      .map((safe) => ({ safe, verdict: verdictOn(type, current, steps, safe, valueAt(current, steps)) }))
      .filter(({ verdict }) => verdict.rule !== null && verdict.drift_type !== "configuration")
      .toSorted((a, b) => RANK[a.verdict.severity] - RANK[b.verdict.severity])[0];
    if (worst === undefined) return false;
    // That a value of another kind is there at all is a weak sign: it must be a strong one.
    const least = worst.safe === undefined ? RANK.high : RANK.medium;
    if (RANK[worst.verdict.severity] > least) return false;
    const { severity, drift_type, reason, rule, control } = worst.verdict;
    found.push({
      field_path: formatPath(steps),
      severity,
      drift_type,
      reason,
      rule,
      control,
      value,
      steps,
      safe: worst.safe,
    });
    return true;
  };
  for (const name of Object.keys(current).sort()) look(current[name]!, [name]);
  // A switch in its default position is a missing field in canonical form, but may be no less dangerous.
  for (const [steps, value] of switchesOf(captured.configuration)) {
    if (valueAt(current, steps) === undefined) look(value, steps);
  }
  return found.sort((a, b) => RANK[a.severity] - RANK[b.severity]);
}

function verdictOn(
  type: string,
  current: JsonRecord,
  steps: readonly Step[],
  before: Json | undefined,
  after: Json | undefined,
): Verdict {
  const change = { path: formatPath(steps), steps, before, after };
  return judge(type, change, withAt(current, steps, before) as JsonRecord, current);
}

function opposite(value: Json): Json | undefined {
  if (typeof value === "boolean") return !value;
  if (typeof value !== "string") return undefined;
  const other = OPPOSITES[value.toLowerCase()];
  if (other === undefined) return undefined;
  if (value === value.toUpperCase()) return other.toUpperCase();
  return value[0] === value[0]!.toUpperCase() ? other[0]!.toUpperCase() + other.slice(1) : other;
}

/** The boolean members of blocks, with their paths; a list of one block is the block. */
function switchesOf(record: JsonRecord, path: readonly Step[] = []): [readonly Step[], boolean][] {
  return Object.keys(record).flatMap((name): [readonly Step[], boolean][] => {
    const value = record[name]!;
    const steps = [...path, name];
    if (typeof value === "boolean") return [[steps, value]];
    const block = Array.isArray(value) && value.length === 1 ? value[0] : value;
    return isRecord(block) && steps.length < MAX_DEPTH ? switchesOf(block, steps) : [];
  });
}

function valueAt(node: Json | undefined, steps: readonly Step[]): Json | undefined {
  return steps.reduce<Json | undefined>(
    (value, step) => isRecord(value) ? value[step as string] : undefined,
    node,
  );
}

/** A copy with another value at a path of names; what is not on the path is shared. */
function withAt(node: Json | undefined, steps: readonly Step[], value: Json | undefined): Json | undefined {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  const record = isRecord(node) ? node : {};
  const inner = withAt(record[step as string], rest, value);
  const { [step as string]: _replaced, ...others } = record;
  return inner === undefined ? others : { ...record, [step as string]: inner };
}

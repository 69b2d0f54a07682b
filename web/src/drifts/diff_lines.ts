/** What changed in a value as lines: what stayed is said once, what is secret not at all. */
import { diffLines } from "diff";

/** One changed field. */
export interface FieldChange {
  /** Where in the configuration, such as `ingress[0].cidr_blocks`. */
  path: string;
  before: unknown;
  after: unknown;
}

/** A line of a diff. */
export interface DiffLine {
  kind: "same" | "removed" | "added" | "skipped";
  text: string;
}

/** How the API writes a value that must not be shown: a keyed hash, which only says whether it is the same. */
const MASK = /^sensitive:/;
/** Unchanged lines that are shown around a change. */
const CONTEXT_LINES = 3;

/**
 * Brings together what left a list and what came in its place, so that each is compared with the other.
 * @param changes elements of a list have the list's path with `[]`
 */
export function paired(changes: readonly FieldChange[]): FieldChange[] {
  const pairs: FieldChange[] = [];
  for (const change of changes) {
    const isElement = change.path.endsWith("[]");
    const partner = isElement && isGone(change.before)
      ? pairs.find(({ path, before, after }) =>
        path === change.path && isGone(after) && isAlike(before, change.after)
      )
      : undefined;
    if (partner) partner.after = change.after;
    else pairs.push({ ...change });
  }
  return pairs;
}

/** Both sides of a change as lines, in order; far from any change, lines are left out. */
export function linesOf({ before, after }: FieldChange): DiffLine[] {
  if (isMasked(before) || isMasked(after)) return [{ kind: "added", text: sayMasked(before, after) }];
  const lines = diffLines(print(before), print(after)).flatMap(({ value, added, removed }) => {
    const kind = removed ? "removed" as const : added ? "added" as const : "same" as const;
    return value.replace(/\n$/, "").split("\n").map((text) => ({ kind, text }));
  });
  return withoutFarContext(lines);
}

function withoutFarContext(lines: DiffLine[]): DiffLine[] {
  const isNear = lines.map((_, at) =>
    lines.slice(Math.max(0, at - CONTEXT_LINES), at + CONTEXT_LINES + 1).some(({ kind }) => kind !== "same")
  );
  const shown: DiffLine[] = [];
  let skipped = 0;
  lines.forEach((line, at) => {
    if (!isNear[at]) return void skipped++;
    if (skipped > 0) shown.push(skippedLine(skipped));
    skipped = 0;
    shown.push(line);
  });
  return skipped > 0 ? [...shown, skippedLine(skipped)] : shown;
}

const skippedLine = (count: number): DiffLine => ({
  kind: "skipped",
  text: count === 1 ? "1 unchanged line" : `${count} unchanged lines`,
});

/** JSON, a member a line; members of objects by name, so that their order makes no difference. */
function print(value: unknown): string {
  if (isGone(value)) return "";
  return `${JSON.stringify(value, (_, part) => isMasked(part) ? "(hidden)" : ordered(part), 2)}\n`;
}

function ordered(part: unknown): unknown {
  if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
  return Object.fromEntries(Object.entries(part).sort(([a], [b]) => a < b ? -1 : 1));
}

function sayMasked(before: unknown, after: unknown): string {
  if (isGone(before)) return "Secret added (hidden)";
  return isGone(after) ? "Secret removed (hidden)" : "Secret changed (hidden)";
}

/** Whether a value is a keyed hash in the place of a secret. */
export function isMasked(value: unknown): boolean {
  return typeof value === "string" && MASK.test(value);
}

function isGone(value: unknown): boolean {
  return value === undefined || value === null;
}

/** Whether two elements of a list are the same thing, changed: objects that share most of their members. */
function isAlike(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || !a || !b) return false;
  const [one, other] = [Object.entries(a), Object.entries(b)];
  const same = one.filter(([name, value]) =>
    JSON.stringify(value) === JSON.stringify((b as Record<string, unknown>)[name])
  );
  return same.length * 2 >= Math.max(one.length, other.length);
}

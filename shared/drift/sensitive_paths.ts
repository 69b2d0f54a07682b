/** The places of a resource's values that its state marks sensitive, as a tree that follows the values. */
import { isRecord, type Json } from "./json.ts";

/** A path to a sensitive value: member names and list indexes; `null` is an element that has no index. */
export type SensitivePath = readonly (string | number | null)[];

/** Marks below one value; `isMarked` is the value itself. */
export interface Marks {
  isMarked: boolean;
  below: Map<string | number, Marks>;
}

/**
 * The marks that fit the values. A path that can't be followed to its end (an element of a set, a block that is
 * written in another way) marks the nearest value that is there, but never the whole resource.
 */
export function placeMarks(values: Json, paths: readonly SensitivePath[]): Marks {
  const root: Marks = { isMarked: false, below: new Map() };
  for (const path of paths) {
    let node: Json | undefined = values;
    let marks = root;
    for (const step of path) {
      const next: Json | undefined = stepInto(node, step);
      if (next === undefined) break;
      const child: Marks = marks.below.get(step!) ?? { isMarked: false, below: new Map() };
      marks.below.set(step!, child);
      [node, marks] = [next, child];
    }
    if (marks !== root) marks.isMarked = true;
  }
  return root;
}

function stepInto(node: Json | undefined, step: string | number | null): Json | undefined {
  if (typeof step === "string") return isRecord(node) && Object.hasOwn(node, step) ? node[step] : undefined;
  return Array.isArray(node) && step !== null ? node[step] : undefined;
}

/**
 * The paths that `terraform show -json` marks: `sensitive_values` mirrors `values` with `true` where
 * a value is sensitive (a whole block may be `true`).
 */
export function pathsOfShow(sensitive: Json | undefined): SensitivePath[] {
  const paths: SensitivePath[] = [];
  const visit = (node: Json, path: (string | number)[]): void => {
    if (node === true && path.length > 0) paths.push(path);
    else if (Array.isArray(node)) node.forEach((child, index) => visit(child, [...path, index]));
    else if (isRecord(node)) { for (const name of Object.keys(node)) visit(node[name]!, [...path, name]); }
  };
  if (sensitive !== undefined) visit(sensitive, []);
  return paths;
}

/**
 * The paths that a raw state marks: `sensitive_attributes` is a list of paths of steps
 * `{"type":"get_attr","value":"name"}` and `{"type":"index","value":{"value":0,"type":"number"}}`. The index of a
 * set is the element itself, which no list has.
 */
export function pathsOfState(attributes: Json | undefined): SensitivePath[] {
  if (!Array.isArray(attributes)) return [];
  return attributes.flatMap((path): SensitivePath[] => {
    if (typeof path === "string") return [[path]];
    if (!Array.isArray(path)) return [];
    return [path.map((step): string | number | null => {
      if (!isRecord(step)) return null;
      const value = isRecord(step.value) ? step.value.value : step.value;
      return typeof value === "string" || typeof value === "number" ? value : null;
    })];
  });
}

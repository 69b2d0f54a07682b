/** Paths of fields: steps for programs, one text for people and fingerprints. */
import { createHash } from "node:crypto";
import { isRecord, type Json, type JsonRecord, member } from "./json.ts";

/** A member's name, an index of an ordered list, or the key of a list whose elements have one. */
export type Step = string | number | { readonly key: string; readonly value: string };

/** Longest path, and longest name in it, in UTF-16 units; the middle of a longer one is a digest. */
const MAX_PATH = 512;
const MAX_NAME = 256;

/**
 * One text for a path, the same for the same field of every snapshot: `a.b[0]`, `tags["cost center"]`,
 * `container[name="web"].image`.
 */
export function formatPath(steps: readonly Step[]): string {
  return boundedPath(steps.reduce<string>((path, step) => boundedPath(path) + stepText(step, path), ""));
}

/** What one step adds to a path. @param path the path so far, empty for the first step */
export function stepText(step: Step, path: string): string {
  if (typeof step === "number") return `[${step}]`;
  if (typeof step === "object") return `[${step.key}=${JSON.stringify(boundedName(step.value))}]`;
  if (/^[A-Za-z_][\w-]*$/.test(step)) return path === "" ? step : `.${step}`;
  return `[${JSON.stringify(step)}]`;
}

/** A path that is safe to store and show however deep it leads; different paths stay different. */
export function boundedPath(path: string): string {
  return shortened(path, MAX_PATH);
}

/** A member's name of at most 256 UTF-16 units; different names stay different. */
export function boundedName(name: string): string {
  return shortened(name, MAX_NAME);
}

/** The text, or its start and end around a digest of the whole. */
function shortened(text: string, length: number): string {
  if (text.length <= length) return text;
  const digest = createHash("sha256").update(text).digest("hex").slice(0, 24);
  const kept = (length - digest.length - 2) / 2;
  return `${text.slice(0, kept)}…${digest}…${text.slice(-kept)}`.toWellFormed();
}

/** The names of a path, joined by dots, indexes and keys left out: what the tables of fields speak of. */
export function dottedNames(steps: readonly Step[]): string {
  return steps.filter((step) => typeof step === "string").join(".");
}

/**
 * Writes or removes the value at a path.
 * @param root changed in place; members on the way are made where they are missing
 * @param value `undefined` removes
 */
export function assignAt(root: JsonRecord, steps: readonly Step[], value: Json | undefined): void {
  let node: Json = root;
  steps.forEach((step, depth) => {
    const isLast = depth === steps.length - 1;
    if (typeof step === "string") {
      const record = node as JsonRecord;
      if (isLast && value === undefined) delete record[step];
      else if (isLast) define(record, step, value!);
      else {
        if (!Object.hasOwn(record, step)) define(record, step, {});
        node = record[step]!;
      }
      return;
    }
    const list = node as Json[];
    const index = typeof step === "number"
      ? step
      : list.findIndex((element) => isRecord(element) && element[step.key] === step.value);
    if (!isLast) node = list[index]!;
    else if (value === undefined) list.splice(index, 1);
    else if (index === -1) list.push(value);
    else list[index] = value;
  });
}

function define(record: JsonRecord, name: string, value: Json): void {
  Object.defineProperty(record, name, { value, enumerable: true, writable: true, configurable: true });
}

/** The value at a path. @returns `undefined` where something on the way is missing */
export function valueAt(root: JsonRecord, steps: readonly Step[]): Json | undefined {
  let node: Json | undefined = root;
  for (const step of steps) {
    if (typeof step === "string") node = isRecord(node) ? member(node, step) : undefined;
    else if (!Array.isArray(node)) return undefined;
    else if (typeof step === "number") node = node[step];
    else node = node.find((element) => isRecord(element) && element[step.key] === step.value);
  }
  return node;
}

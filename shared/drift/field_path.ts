/** Paths of fields: steps for programs, one text for people and fingerprints. */
import { isRecord, type Json, type JsonRecord } from "./json.ts";

/** A member's name, an index of an ordered list, or the key of a list whose elements have one. */
export type Step = string | number | { readonly key: string; readonly value: string };

/**
 * One text for a path, the same for the same field of every snapshot: `a.b[0]`, `tags["cost center"]`,
 * `container[name="web"].image`.
 */
export function formatPath(steps: readonly Step[]): string {
  let text = "";
  for (const step of steps) {
    if (typeof step === "number") text += `[${step}]`;
    else if (typeof step === "object") text += `[${step.key}=${JSON.stringify(step.value)}]`;
    else if (/^[A-Za-z_][\w-]*$/.test(step)) text += text === "" ? step : `.${step}`;
    else text += `[${JSON.stringify(step)}]`;
  }
  return text;
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

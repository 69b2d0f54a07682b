/** JSON in texts: policies, container definitions and the like, read where reading them costs little. */
import type { Json } from "./json.ts";

/** Deepest nesting that is read. */
const MAX_DEPTH = 64;
/** Most values, in all texts of one resource. */
const MAX_VALUES = 20_000;
/** Texts in texts in texts. */
const MAX_LAYERS = 3;

/** What is left to read of one resource's texts. */
export interface TextBudget {
  values: number;
}

export function textBudget(): TextBudget {
  return { values: MAX_VALUES };
}

/**
 * @param layers how many texts the value is within already
 * @param budget shared by all texts of the resource
 * @returns the object or list that the whole text is, else `undefined`: then it is compared as a text
 */
export function parseEmbedded(value: string, layers: number, budget: TextBudget): Json | undefined {
  if (value.length < 2 || layers >= MAX_LAYERS) return undefined;
  if (!/^\s*[{[]/.test(value) || !/[}\]]\s*$/.test(value.slice(-64))) return undefined;
  const { depth, values } = shapeOf(value);
  if (depth > MAX_DEPTH || values > budget.values) return undefined;
  try {
    const parsed = JSON.parse(value) as Json;
    budget.values -= values;
    return parsed;
  } catch {
    return undefined;
  }
}

/** Deepest nesting and number of values of a JSON text, brackets and commas inside its strings left out. */
function shapeOf(text: string): { depth: number; values: number } {
  let [depth, deepest, values, inString] = [0, 0, 1, false];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (inString) {
      if (code === 0x5c) i++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) {
      deepest = Math.max(deepest, ++depth);
      values++;
    } else if (code === 0x7d || code === 0x5d) depth--;
    else if (code === 0x2c) values++;
  }
  return { depth: deepest, values };
}

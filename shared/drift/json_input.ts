/** JSON text from a sender, checked before anything believes it: syntax, depth, size, storable text. */
import { isStorable, MAX_JSON_DEPTH } from "../contracts/fields.ts";
import { at, refuse } from "./input_error.ts";
import { isRecord, type Json, nestingOf } from "./json.ts";

/** Most values (members and list elements at any depth) that one resource may have. */
export const MAX_ATTRIBUTES = 20_000;
/** Deepest nesting of the document around the resources: modules within modules. */
const MAX_DOCUMENT_DEPTH = 512;

/**
 * Parses the text of a whole import.
 * @returns the value, at most {@link MAX_DOCUMENT_DEPTH} deep
 * @throws InputError at `body`, naming line and column where the parser knows them
 */
export function parseDocument(text: string): Json {
  const clean = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  if (clean.trim() === "") refuse("body", "is empty");
  try {
    if (nestingOf(clean) > MAX_DOCUMENT_DEPTH) {
      refuse("body", `nests deeper than ${MAX_DOCUMENT_DEPTH} levels`);
    }
    return JSON.parse(clean) as Json;
  } catch (error) {
    if (error instanceof SyntaxError) refuse("body", describe(error, clean));
    throw error;
  }
}

/** Words for a syntax error, without the sender's text in them. */
function describe(error: SyntaxError, text: string): string {
  if (/end of JSON input|unterminated string/i.test(error.message)) {
    return "is not JSON: it ends too early (truncated?)";
  }
  const position = /position (\d+)/.exec(error.message)?.[1];
  if (position === undefined) return "is not JSON";
  const before = text.slice(0, Number(position));
  const line = before.split("\n").length;
  return `is not JSON: line ${line}, column ${before.length - before.lastIndexOf("\n")}`;
}

/**
 * Walks one resource's values.
 * @param place where the value stands in the document
 * @throws InputError when it nests deeper than {@link MAX_JSON_DEPTH}, has more than
 *   {@link MAX_ATTRIBUTES} values, or text that Postgres can't store (NUL, lone surrogate)
 */
export function checkValues(value: Json, place: string): void {
  let count = 0;
  const visit = (node: Json, here: () => string, depth: number): void => {
    if (typeof node === "string") {
      if (!isStorable(node)) refuse(here(), "must not contain NUL characters or lone surrogates");
      return;
    }
    if (node === null || typeof node !== "object") return;
    if (depth >= MAX_JSON_DEPTH) refuse(here(), `must not nest deeper than ${MAX_JSON_DEPTH} levels`);
    const steps = Array.isArray(node) ? node.keys() : Object.keys(node);
    for (const step of steps) {
      if (++count > MAX_ATTRIBUTES) refuse(place, `must not have more than ${MAX_ATTRIBUTES} values`);
      if (typeof step === "string" && !isStorable(step)) {
        refuse(here(), "must not have names with NUL characters or lone surrogates");
      }
      const child = isRecord(node) ? node[step as string]! : (node as Json[])[step as number]!;
      if (typeof child === "object" || typeof child === "string") {
        visit(child, () => at(here(), step), depth + 1);
      }
    }
  };
  visit(value, () => place, 0);
}

/** `--json`, `--jq` and `--template`: the part of an answer that a script wants. */
import jq from "@michaelhomer/jqjs";
import Mustache from "mustache";
import type { App } from "../app.ts";
import { CliFailure, EXIT } from "../exit_codes.ts";
import { escapeInStrings, toLineText, toSafeText } from "./escape.ts";

/**
 * Prints the fields, the results of the expression, or the filled template.
 * @throws CliFailure with exit code 2 for a field that the answer has not, or an expression that can't be used
 */
export async function printSelected(app: App, body: unknown): Promise<void> {
  const { json, jq: expression, template } = app.flags;
  const chosen = json === undefined ? body : pickFields(body, json);
  const { isDataTty } = app.terminal;
  if (expression !== undefined) return await app.terminal.page(evaluate(expression, chosen, isDataTty));
  if (template !== undefined) return await app.terminal.page(fill(template, chosen, isDataTty));
  await app.terminal.page(toJson(chosen, true));
}

/** The fields of each row of a list, or of the one thing. */
function pickFields(body: unknown, fields: readonly string[]): unknown {
  const rows = rowsOf(body);
  return rows ? rows.map((row) => pick(row, fields)) : pick(body, fields);
}

function rowsOf(body: unknown): readonly unknown[] | undefined {
  if (Array.isArray(body)) return body;
  const data = Object(body).data;
  return Array.isArray(data) ? data : undefined;
}

function pick(row: unknown, fields: readonly string[]): Record<string, unknown> {
  const known = Object(row) as Record<string, unknown>;
  return Object.fromEntries(fields.map((field) => {
    if (Object.hasOwn(known, field)) return [field, known[field]];
    throw new CliFailure(EXIT.USAGE, `There is no field "${field}".`, {
      next: `one of: ${Object.keys(known).join(", ")}`,
    });
  }));
}

/** Strings as they are, everything else as JSON, a line each, as `jq --raw-output` prints them. */
function evaluate(expression: string, value: unknown, isTty: boolean): string {
  try {
    const results = [...jq.compile(expression)(value)] as unknown[];
    return results.map((result) => typeof result === "string" ? raw(result, isTty) : toJson(result, isTty))
      .join("");
  } catch (error) {
    throw new CliFailure(EXIT.USAGE, `--jq: ${reasonOf(error)}.`, {
      next: "https://jqlang.org/manual",
      cause: error,
    });
  }
}

/** @see https://mustache.github.io/mustache.5.html */
function fill(template: string, value: unknown, isTty: boolean): string {
  // "\n" and "\t" typed in a shell's quotes mean a line break and a tab.
  const text = template.replaceAll("\\n", "\n").replaceAll("\\t", "\t");
  const view = Array.isArray(value) ? { data: value } : value;
  const escape = (part: unknown) => {
    const shown = part !== null && typeof part === "object" ? JSON.stringify(part) : String(part ?? "");
    return isTty ? toLineText(shown) : shown;
  };
  try {
    const filled = Mustache.render(text, view, {}, { escape });
    const safe = isTty ? toSafeText(filled) : filled;
    return safe.endsWith("\n") || safe === "" ? safe : `${safe}\n`;
  } catch (error) {
    throw new CliFailure(EXIT.USAGE, `--template: ${reasonOf(error)}.`, { cause: error });
  }
}

function raw(text: string, isTty: boolean): string {
  return `${isTty ? toSafeText(text) : text}\n`;
}

function toJson(value: unknown, isIndented: boolean): string {
  return `${escapeInStrings(JSON.stringify(value ?? null, null, isIndented ? 2 : 0))}\n`;
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/[.!]$/, "");
}

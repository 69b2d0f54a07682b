/** How words of the command line become values, and how a group of commands is made. */
import { type Command, InvalidArgumentError } from "commander";
import type { App } from "../app.ts";
import { askYesNo } from "../terminal/prompt.ts";

/** A group such as `drifts`, also known in the singular as older scripts write it. */
export function newGroup(parent: Command, name: string, description: string, alias?: string): Command {
  const group = parent.command(name).description(description);
  group.showHelpAfterError(`  next: infraudit ${name} --help`);
  if (alias) group.alias(alias);
  return group;
}

/** Whether to go on with what can't be undone: a person is asked first, a script or `--yes` is not. */
export async function isConfirmed(app: App, isYes: boolean | undefined, question: string): Promise<boolean> {
  return isYes || !app.terminal.canAsk || await askYesNo(app.terminal, "--yes", question);
}

/** A whole-number id. Throws commander's error, which ends in exit code 2. */
export function parseId(text: string): number {
  return parseWhole(text, 1, Number.MAX_SAFE_INTEGER, "an id is a whole number from 1");
}

/** A row limit from 1. */
export function parseLimit(text: string): number {
  return parseWhole(text, 1, 1_000_000, "must be a whole number from 1 to 1,000,000");
}

/** A parser of whole numbers between two bounds. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => parseWhole(text, min, max, `must be a whole number from ${min} to ${max}`);
}

/**
 * A parser of repeated or comma-separated words from a closed list, each once.
 * @param known the list; what is not in it is a usage error that names it
 */
export function listOf<Word extends string>(known: readonly Word[]) {
  return (text: string, before: Word[] | undefined): Word[] => {
    const words = splitWords(text).map((word) => {
      const match = known.find((one) => one === word);
      if (!match) throw new InvalidArgumentError(`"${word}" is none of ${known.join(", ")}.`);
      return match;
    });
    return [...new Set([...(before ?? []), ...words])];
  };
}

/** A parser of repeated or comma-separated ids. */
export function idList(text: string, before: number[] | undefined): number[] {
  return [...new Set([...(before ?? []), ...splitWords(text).map(parseId)])];
}

/** A parser of repeated or comma-separated words. */
export function wordList(text: string, before: string[] | undefined): string[] {
  return [...new Set([...(before ?? []), ...splitWords(text)])];
}

function splitWords(text: string): string[] {
  const words = text.split(",").map((word) => word.trim()).filter(Boolean);
  if (words.length === 0) throw new InvalidArgumentError("must not be empty.");
  return words;
}

function parseWhole(text: string, min: number, max: number, fault: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) throw new InvalidArgumentError(fault + ".");
  return value;
}

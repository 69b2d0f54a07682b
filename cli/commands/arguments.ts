/** How words of the command line become values, and how a group of commands is made. */
import { type Command, InvalidArgumentError } from "commander";

/** What `<resource>` means in every command's help. */
export const RESOURCE_REF_HELP = "id, external id or name of a resource";

type Runs<Module, Name extends keyof Module> = Module[Name] extends
  (...values: infer Values) => Promise<infer Result> ? (...values: Values) => Promise<Result> : never;

/**
 * A function of a module that is loaded when the command runs: help and completion wait for none of it.
 * @param load imports the module
 * @param name the function's name in it
 */
export function later<Module, Name extends keyof Module>(
  load: () => Promise<Module>,
  name: Name,
): Runs<Module, Name> {
  return ((...values: unknown[]) =>
    load().then((module) => (module[name] as (...values: unknown[]) => unknown)(...values))) as Runs<
      Module,
      Name
    >;
}

/** A group such as `drifts`, also known in the singular as older scripts write it. */
export function newGroup(parent: Command, name: string, description: string, alias?: string): Command {
  const group = parent.command(name).description(description);
  group.showHelpAfterError(`  next: infraudit ${name} --help`);
  if (alias) group.alias(alias);
  return group;
}

/** A whole-number id. Throws commander's error, which ends in exit code 2. */
export function parseId(text: string): number {
  return parseWhole(text, 1, Number.MAX_SAFE_INTEGER, "An id is a whole number from 1");
}

/** A row limit from 1. */
export function parseLimit(text: string): number {
  return parseWhole(text, 1, 1_000_000, "It must be a whole number from 1 to 1,000,000");
}

/** A parser of whole numbers between two bounds. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => parseWhole(text, min, max, `It must be a whole number from ${min} to ${max}`);
}

const UNIT_SECONDS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

/**
 * A length of time such as `90s`, `15m`, `24h` or `7d`; a bare number is seconds.
 * @returns seconds, from 1
 */
export function parseDuration(text: string): number {
  const [, digits, unit = "s"] = /^(\d{1,9})\s*([smhd])?$/.exec(text.trim()) ?? [];
  const seconds = Number(digits) * (UNIT_SECONDS[unit] ?? 1);
  if (seconds >= 1) return seconds;
  throw new InvalidArgumentError("It must be a length of time such as 90s, 15m, 24h or 7d.");
}

/**
 * A moment: RFC 3339, a date (its first moment, UTC), or a length of time from now on such as `30d`.
 * @returns RFC 3339 in UTC
 */
export function parseTime(text: string): string {
  const word = text.trim();
  if (/^\d{1,9}[smhd]$/.test(word)) return new Date(Date.now() + parseDuration(word) * 1000).toISOString();
  const time = /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/i.test(word) ? Date.parse(word) : NaN;
  if (!Number.isNaN(time)) return new Date(time).toISOString();
  throw new InvalidArgumentError("It must be a time such as 2026-12-31 or 2026-12-31T18:00:00Z, or 30d.");
}

/**
 * A parser of repeated or comma-separated words from a closed list, each once.
 * @param known the list; what is not in it is a usage error that names it
 * @param what the word's kind, such as `severity`
 */
export function listOf<Word extends string>(known: readonly Word[], what: string) {
  return (text: string, before: Word[] | undefined): Word[] => {
    const words = splitWords(text).map((word) => {
      const match = known.find((one) => one === word);
      if (!match) throw new InvalidArgumentError(`Unknown ${what} "${word}". Use ${orList(known)}.`);
      return match;
    });
    return [...new Set([...(before ?? []), ...words])];
  };
}

/** A parser of repeated or comma-separated words. */
export function wordList(text: string, before: string[] | undefined): string[] {
  return [...new Set([...(before ?? []), ...splitWords(text)])];
}

/** `a, b or c` */
export function orList(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

function splitWords(text: string): string[] {
  const words = text.split(",").map((word) => word.trim()).filter(Boolean);
  if (words.length === 0) throw new InvalidArgumentError("It must not be empty.");
  return words;
}

function parseWhole(text: string, min: number, max: number, fault: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) throw new InvalidArgumentError(fault + ".");
  return value;
}

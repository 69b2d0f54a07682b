/** What may come next on a command line, from the program's own tree: it can't fall behind the commands. */
import type { Command, Option } from "commander";

/** What is known of the place: fixed words, or the kind of thing whose names the server or the file has. */
export interface Place {
  words: string[];
  /** Such as `resource`, `drift`, `profile`; see `values.ts`. */
  kind?: string;
  /** What stands before each word: the option of `--option=value`. */
  prefix: string;
  /** The part of the word that is typed. */
  typed: string;
}

/**
 * @param program the root of the tree
 * @param words those after `infraudit`, the last being the one that is typed (empty when none is begun)
 * @returns the words that fit, none where only the person can know
 */
export function completeWords(program: Command, words: string[]): string[] {
  return fitting(findPlace(program, words));
}

/** The words of a place that begin with what is typed. */
export function fitting({ words, prefix, typed }: Place): string[] {
  return words.filter((word) => word.startsWith(typed)).map((word) => prefix + word);
}

/** Finds what may stand where the last word is. */
export function findPlace(program: Command, words: string[]): Place {
  // PowerShell can't hand an empty argument on: it sends a pair of quotes.
  const current = (words.at(-1) ?? "").replace(/^""$/, "");
  let command = program;
  let awaiting: Option | undefined;
  let position = 0;
  for (const word of words.slice(0, -1)) {
    if (awaiting) {
      awaiting = undefined;
    } else if (word.startsWith("-")) {
      const option = word.includes("=") ? undefined : findOption(command, word);
      awaiting = option?.required ? option : undefined;
    } else {
      const child = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
      if (child) command = child;
      else position += 1;
    }
  }
  const [, name = "", value] = /^(--[\w-]+)=(.*)$/.exec(current) ?? [];
  const option = awaiting ?? (name ? findOption(command, name) : undefined);
  if (option) return valuesOfOption(option, name ? `${name}=` : "", value ?? current);
  return placeOf(command, current, position);
}

function valuesOfOption(option: Option, prefix: string, typed: string): Place {
  return { words: [...option.argChoices ?? []], kind: option.attributeName(), prefix, typed };
}

function placeOf(command: Command, typed: string, position: number): Place {
  const at = { prefix: "", typed };
  if (typed.startsWith("-")) {
    return { words: optionsOf(command).flatMap((option) => option.long ?? []), ...at };
  }
  if (command.commands.length > 0) return { words: visible(command).map((child) => child.name()), ...at };
  const argument = command.registeredArguments[position];
  if (!argument) return { words: [], ...at };
  // An id is one of what the group holds.
  const isId = argument.name() === "id" || argument.name() === "other";
  const kind = isId || argument.name() === "name"
    ? `${command.parent?.name()} ${argument.name()}`
    : argument.name();
  return { words: [...argument.argChoices ?? []], kind, ...at };
}

function findOption(command: Command, word: string): Option | undefined {
  return optionsOf(command).find((one) => one.short === word || one.long === word);
}

function visible(command: Command): readonly Command[] {
  return command.createHelp().visibleCommands(command);
}

function optionsOf(command: Command): readonly Option[] {
  const help = command.createHelp();
  help.showGlobalOptions = true;
  return [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)];
}

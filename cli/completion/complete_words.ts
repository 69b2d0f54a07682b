/** What may come next on a command line, from the program's own tree: it can't fall behind the commands. */
import type { Command, Option } from "commander";

/**
 * @param program the root of the tree
 * @param words those after `infraudit`, the last being the one that is typed (empty when none is begun)
 * @returns the words that fit, none where only the person can know
 */
export function completeWords(program: Command, words: string[]): string[] {
  const current = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  let command = program;
  let awaiting: Option | undefined;
  let position = 0;
  for (const word of before) {
    if (awaiting) {
      awaiting = undefined;
    } else if (word.startsWith("-")) {
      const option = optionsOf(command).find((one) => one.short === word || one.long === word);
      awaiting = option?.required ? option : undefined;
    } else {
      const child = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
      if (child) command = child;
      else position += 1;
    }
  }
  return candidates(command, awaiting, current, position).filter((word) => word.startsWith(current));
}

function candidates(
  command: Command,
  awaiting: Option | undefined,
  current: string,
  position: number,
): string[] {
  if (awaiting) return [...(awaiting.argChoices ?? [])];
  if (current.startsWith("-")) return optionsOf(command).flatMap((option) => option.long ?? []);
  if (command.commands.length > 0) return visible(command).map((child) => child.name());
  return [...(command.registeredArguments[position]?.argChoices ?? [])];
}

function visible(command: Command): readonly Command[] {
  return command.createHelp().visibleCommands(command);
}

function optionsOf(command: Command): readonly Option[] {
  const help = command.createHelp();
  help.showGlobalOptions = true;
  return [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)];
}

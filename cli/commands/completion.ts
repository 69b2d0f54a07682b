/** `infraudit completion`: scripts for the shells, which ask the command itself what may come next. */
import { Argument, type Command } from "commander";
import type { App } from "../app.ts";
import { findPlace, fitting } from "../completion/complete_words.ts";
import { SHELL_SCRIPTS, SHELLS } from "../completion/shell_scripts.ts";

/** The hidden command that the scripts call. */
export const COMPLETE_COMMAND = "__complete";

export function newCompletionCommand(parent: Command, app: App, run = runCompletion): void {
  parent.command("completion")
    .description("print the completion script of a shell")
    .addArgument(new Argument("<shell>").choices(SHELLS))
    .addHelpText("after", () => `
To use it:
  bash        infraudit completion bash > ~/.local/share/bash-completion/completions/infraudit
              (macOS's bash 3.2: add  eval "$(infraudit completion bash)"  to ~/.bash_profile)
  zsh         infraudit completion zsh > "\${fpath[1]}/_infraudit"
  fish        infraudit completion fish > ~/.config/fish/completions/infraudit.fish
  powershell  infraudit completion powershell >> $PROFILE`)
    .action((shell: typeof SHELLS[number]) => run(app, shell));
  parent.command(COMPLETE_COMMAND, { hidden: true })
    .argument("[words...]")
    .allowUnknownOption()
    .helpOption(false)
    .action((words: string[]) => runComplete(app, parent, words));
}

/** Prints one shell's script. */
export async function runCompletion(app: App, shell: typeof SHELLS[number]): Promise<void> {
  await app.terminal.data(SHELL_SCRIPTS[shell]);
}

/** Prints what may come next, a word a line; the server is asked only where nothing else is known. */
async function runComplete(app: App, program: Command, words: string[]): Promise<void> {
  const place = findPlace(program, words);
  if (place.words.length === 0 && place.kind !== undefined) {
    const { valuesOf } = await import("../completion/values.ts");
    place.words = await valuesOf(app, place.kind);
  }
  await app.terminal.data(fitting(place).map((word) => `${word}\n`).join(""));
}

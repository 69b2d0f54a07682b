/** Runs the command once: parses, runs, explains what failed, and gives the exit code. */
import process from "node:process";
import { CommanderError } from "commander";
import { App } from "./app.ts";
import { EXIT, Interrupted } from "./exit_codes.ts";
import { orList } from "./commands/arguments.ts";
import { explainFailure, failureJson, failureLines, usageJson } from "./failures.ts";
import { buildProgram } from "./program.ts";
import { startUpdateCheck } from "./update_notice.ts";
import { REPOSITORY, VERSION } from "./version.ts";

/**
 * @param args the words after `infraudit`
 * @returns the exit code; everything has been written when it is given
 */
export async function runCli(args: string[]): Promise<number> {
  const interrupted = new AbortController();
  const app = new App(interrupted.signal);
  onInterrupt(app, interrupted);
  const said: { out: string[]; err: string[] } = { out: [], err: [] };
  const program = buildProgram(app, said);
  const facts = { env: app.env, isTalkTty: app.terminal.isTalkTty };
  try {
    // The parser knows one letter for the version; people try both.
    const newer = startUpdateCheck({ version: VERSION, repository: REPOSITORY, ...facts });
    await program.parseAsync(args[0] === "-V" ? ["--version"] : args, { from: "user" });
    await app.terminal.data(said.out.join(""));
    const line = await newer();
    if (line) await app.note(app.terminal.talkColors.dim(line));
    return app.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return await finishParsing(app, error, said, args);
    // Once interrupted or out of time, whatever else broke on the way out is not the reason.
    const reason = app.signal.aborted ? app.signal.reason : error;
    const explanation = explainFailure(reason, await contextOf(app));
    const exitCode = explanation.exitCode === EXIT.REFUSED ? app.refusedExitCode : explanation.exitCode;
    const command = ["infraudit", ...app.commandPath].join(" ");
    if (wantsJson(app, args)) {
      await app.terminal.talk(failureJson(command, explanation, exitCode));
    } else {
      const { red } = app.terminal.talkColors;
      const lines = failureLines(command, explanation);
      for (const [at, line] of lines.entries()) await app.terminal.talk(at === 0 ? red(line) : line);
    }
    if (app.flags.debug && reason instanceof Error) await app.terminal.talk(reason.stack ?? "");
    return exitCode;
  }
}

/** Help that was asked for is data; help and errors after a wrong command line are talk and exit 2. */
async function finishParsing(
  app: App,
  error: CommanderError,
  said: { out: string[]; err: string[] },
  args: string[],
): Promise<number> {
  // Nothing typed at all: the help, as after `--help`.
  const isBare = error.code === "commander.help" && args.length === 0;
  try {
    await app.terminal.page([...said.out, ...isBare ? said.err : []].join(""));
  } catch {
    return EXIT.SERVER;
  }
  if (isBare || error.exitCode === 0) return EXIT.OK;
  // A mistyped option may carry a secret as its value.
  const talk = naturalUsage(said.err.join("").replace(/(--?[\w-]+)=[^\s']*/g, "$1=***").trimEnd());
  if (talk) await app.terminal.talk(wantsJson(app, args) ? usageJson(talk) : talk);
  return EXIT.USAGE;
}

/** The parser's sentences as a person would say them. */
function naturalUsage(talk: string): string {
  return talk
    .replace(
      /^error: option '(?:-\w, )?--([\w-]+) [^']*' argument '([^']*)' is invalid\. Allowed choices are (.*)\.$/m,
      (_, name: string, value: string, choices: string) => unknownWord(name, value, choices),
    )
    .replace(
      /^error: command-argument value '([^']*)' is invalid for argument '([^']*)'\. Allowed choices are (.*)\.$/m,
      (_, value: string, name: string, choices: string) => unknownWord(name, value, choices),
    )
    .replace(
      /^error: option '(?:-\w, )?--[\w-]+ [^']*' argument '[^']*' is invalid\. (Unknown .*)$/m,
      "error: $1",
    )
    .replace(/^error: option '(?:-\w, )?(--[\w-]+) [^']*' argument '[^']*' is invalid\. /m, "error: $1: ")
    .replace(/^error: command-argument value '([^']*)' is invalid for argument '[^']*'\. /m, 'error: "$1": ');
}

function unknownWord(name: string, value: string, choices: string): string {
  return `error: Unknown ${name.replaceAll("-", " ")} "${value}". Use ${orList(choices.split(", "))}.`;
}

/** Whether errors are JSON too; known even where the arguments could not be parsed. */
function wantsJson(app: App, args: readonly string[]): boolean {
  const { output, json, jq } = app.flags;
  if (output !== undefined || json !== undefined || jq !== undefined) {
    return output === "json" || output === undefined;
  }
  return /(?:^| )(?:-o ?|--output[ =])json(?: |$)/.test(args.join(" ")) ||
    app.env.INFRAUDIT_OUTPUT === "json";
}

async function contextOf(app: App) {
  const { commandPath, usedCredential } = app;
  // Only what was read already: a failure must not lead to another one.
  const settings = usedCredential && await app.settings().catch(() => undefined);
  return { commandPath, usedCredential, settings };
}

/** Ends running work at the first Ctrl-C or request to stop, and the process at the second. */
function onInterrupt(app: App, controller: AbortController): void {
  const interrupt = () => {
    if (app.terminal.isPaging) return;
    if (controller.signal.aborted) process.exit(EXIT.INTERRUPTED);
    controller.abort(new Interrupted());
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
}

/** Runs the command once: parses, runs, explains what failed, and gives the exit code. */
import process from "node:process";
import { CommanderError } from "commander";
import { App } from "./app.ts";
import { EXIT, Interrupted } from "./exit_codes.ts";
import { explainFailure, failureLines } from "./failures.ts";
import { buildProgram } from "./program.ts";

/**
 * @param args the words after `infraudit`
 * @returns the exit code; everything has been written when it is given
 */
export async function runCli(args: string[]): Promise<number> {
  const app = new App(interruptSignal());
  const said: { out: string[]; err: string[] } = { out: [], err: [] };
  const program = buildProgram(app, said);
  try {
    await program.parseAsync(args, { from: "user" });
    await app.terminal.data(said.out.join(""));
    return app.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return await finishParsing(app, error, said);
    // Once interrupted, whatever else broke on the way out is not the reason.
    const reason = app.signal.aborted ? new Interrupted() : error;
    const explanation = explainFailure(reason);
    const lines = failureLines(["infraudit", ...app.commandPath].join(" "), explanation);
    const { red } = app.terminal.talkColors;
    for (const [at, line] of lines.entries()) await app.terminal.talk(at === 0 ? red(line) : line);
    if (app.flags.debug && reason instanceof Error) await app.terminal.talk(reason.stack ?? "");
    return explanation.exitCode === EXIT.REFUSED ? app.refusedExitCode : explanation.exitCode;
  }
}

/** Help that was asked for is data; help and errors after a wrong command line are talk and exit 2. */
async function finishParsing(
  app: App,
  error: CommanderError,
  said: { out: string[]; err: string[] },
): Promise<number> {
  try {
    await app.terminal.data(said.out.join(""));
  } catch {
    return EXIT.SERVER;
  }
  // A mistyped option may carry a secret as its value.
  const talk = said.err.join("").replace(/(--?[\w-]+)=[^\s']*/g, "$1=***").trimEnd();
  if (talk) await app.terminal.talk(talk);
  return error.exitCode === 0 ? EXIT.OK : EXIT.USAGE;
}

/** Ends running work at the first Ctrl-C or request to stop, and the process at the second. */
function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(EXIT.INTERRUPTED);
    controller.abort(new Interrupted());
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  return controller.signal;
}

/** Standard output for data, standard error for talk; what each can show. */
import process from "node:process";
import pc from "picocolors";
import { CliFailure, EXIT } from "../exit_codes.ts";
import type { Secrets } from "./secrets.ts";

const DEFAULT_WIDTH = 80;

export type Colors = ReturnType<typeof pc.createColors>;

/** The two outputs of the command. */
export interface Terminal {
  /** Writes data. Throws when it can't be written in full; a reader that left early is no fault. */
  data(text: string): Promise<void>;
  /** Says a line to the person, with secrets masked. */
  talk(line: string): Promise<void>;
  /** Whether standard output is a terminal: tables are fitted and coloured for it. */
  readonly isDataTty: boolean;
  /** Whether standard error is a terminal: progress is shown on it. */
  readonly isTalkTty: boolean;
  /** Whether somebody can be asked something. */
  readonly canAsk: boolean;
  /** Columns of standard output. */
  readonly width: number;
  /** Colours for data and for talk, inert where they are not wanted. */
  readonly colors: Colors;
  readonly talkColors: Colors;
}

/**
 * The process's own terminal.
 * @param secrets masked in all that is said
 * @param useColor false for `--no-color`; `NO_COLOR` (https://no-color.org) is honoured anyway
 */
export function openTerminal(secrets: Secrets, useColor: () => boolean): Terminal {
  // Write errors arrive at the callback; without a listener they would also end the process.
  for (const stream of [process.stdout, process.stderr]) {
    if (stream.listenerCount("error") === 0) stream.on("error", () => {});
  }
  const colorsFor = (isTty: boolean) =>
    pc.createColors(isTty && useColor() && !process.env.NO_COLOR && process.env.TERM !== "dumb");
  return {
    async data(text) {
      const code = await write(process.stdout, text);
      if (!code || code === "EPIPE") return;
      throw new CliFailure(EXIT.SERVER, `The output could not be written (${code}).`, {
        next: "free some space or write elsewhere, then run the command again",
      });
    },
    async talk(line) {
      await write(process.stderr, secrets.mask(line) + "\n");
    },
    isDataTty: Boolean(process.stdout.isTTY),
    isTalkTty: Boolean(process.stderr.isTTY),
    canAsk: Boolean(process.stdin.isTTY && process.stderr.isTTY),
    get width() {
      return process.stdout.columns || DEFAULT_WIDTH;
    },
    get colors() {
      return colorsFor(Boolean(process.stdout.isTTY));
    },
    get talkColors() {
      return colorsFor(Boolean(process.stderr.isTTY));
    },
  };
}

/** Writes everything and gives the error's code, or nothing when all went well. */
function write(stream: NodeJS.WriteStream, text: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const finish = (error?: Error | null) =>
      resolve(error ? (error as NodeJS.ErrnoException).code ?? error.message : undefined);
    try {
      stream.write(text, finish);
    } catch (error) {
      // Deno throws at once where standard output is a file.
      finish(error as Error);
    }
  });
}

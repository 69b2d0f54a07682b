/** Standard output for data, standard error for talk; what each can show. */
import process from "node:process";
import pc from "picocolors";
import type { GlobalFlags } from "../config/settings.ts";
import { CliFailure, EXIT } from "../exit_codes.ts";
import { toSafeColored } from "../output/escape.ts";
import type { Secrets } from "./secrets.ts";

const DEFAULT_WIDTH = 80;
const DEFAULT_HEIGHT = 24;

export type Colors = ReturnType<typeof pc.createColors>;

/** The two outputs of the command. */
export interface Terminal {
  /** Writes data. Throws when it can't be written in full; a reader that left early is no fault. */
  data(text: string): Promise<void>;
  /** The same through the person's pager, where a terminal is too low for it. */
  page(text: string): Promise<void>;
  /** Says a line to the person, with secrets masked. */
  talk(line: string): Promise<void>;
  /** Whether standard output is a terminal: tables are fitted and coloured for it. */
  readonly isDataTty: boolean;
  /** Whether standard error is a terminal: progress is shown on it. */
  readonly isTalkTty: boolean;
  /** Whether somebody can be asked something. */
  readonly canAsk: boolean;
  /** Whether a pager has the terminal: Ctrl-C is its own then. */
  readonly isPaging: boolean;
  /** Columns of standard output. */
  readonly width: number;
  /** Colours for data and for talk, inert where they are not wanted. */
  readonly colors: Colors;
  readonly talkColors: Colors;
}

/**
 * The process's own terminal.
 * @param secrets masked in all that is said
 * @param flags those of this run, once they are parsed
 */
export function openTerminal(secrets: Secrets, flags: () => GlobalFlags): Terminal {
  // Write errors arrive at the callback; without a listener they would also end the process.
  for (const stream of [process.stdout, process.stderr]) {
    if (stream.listenerCount("error") === 0) stream.on("error", () => {});
  }
  const isDataTty = Boolean(process.stdout.isTTY);
  let isPaging = false;
  const colorsFor = (isTty: boolean) =>
    pc.createColors(flags().color !== false && wantsColor(process.env, isTty));
  const data = async (text: string) => {
    const code = await write(process.stdout, text);
    if (!code || code === "EPIPE") return;
    throw new CliFailure(EXIT.SERVER, `The output could not be written (${code}).`, {
      next: "free some space or write elsewhere, then run the command again",
    });
  };
  return {
    data,
    async page(text) {
      const isTall = text.split("\n").length > (process.stdout.rows || DEFAULT_HEIGHT);
      if (!isDataTty || !isTall || flags().pager === false) return await data(text);
      const { pageThrough } = await import("./pager.ts");
      isPaging = true;
      const isShown = await pageThrough(text, process.env).finally(() => isPaging = false);
      if (!isShown) await data(text);
    },
    async talk(line) {
      await write(process.stderr, toSafeColored(secrets.mask(line)) + "\n");
    },
    isDataTty,
    isTalkTty: Boolean(process.stderr.isTTY),
    canAsk: Boolean(process.stdin.isTTY && process.stderr.isTTY),
    get isPaging() {
      return isPaging;
    },
    get width() {
      return process.stdout.columns || DEFAULT_WIDTH;
    },
    get colors() {
      return colorsFor(isDataTty);
    },
    get talkColors() {
      return colorsFor(Boolean(process.stderr.isTTY));
    },
  };
}

/**
 * Whether to colour: `NO_COLOR` (https://no-color.org) forbids it, `FORCE_COLOR` or `CLICOLOR_FORCE` asks for it
 * even in a pipe, and otherwise a terminal that can show colours decides.
 */
export function wantsColor(env: Record<string, string | undefined>, isTty: boolean): boolean {
  if (env.NO_COLOR) return false;
  const forced = env.FORCE_COLOR ?? env.CLICOLOR_FORCE;
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  return isTty && env.TERM !== "dumb" && env.CLICOLOR !== "0";
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

/** The command in a pseudo-terminal, typed at like a person does; needs `script` of util-linux. */
import { commandLine, type Home, inherited } from "./infraudit_process.ts";
import { sayTestsSkipped } from "./skipped.ts";

/** Whether this machine can make pseudo-terminals; says so aloud where it can't. */
export const hasPseudoTerminal = await canRunScript();

/** A running command with a terminal for all three of its streams. */
export class PseudoTerminal {
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reading: Promise<void>;
  #seen = "";
  #waiters: (() => void)[] = [];

  constructor(
    home: Home,
    args: string[],
    env: Record<string, string> = {},
    { line: words = commandLine(args), columns = 100 }: { line?: string[]; columns?: number } = {},
  ) {
    const line = words.map(quote).join(" ");
    this.#child = new Deno.Command("script", {
      args: [
        "--quiet",
        "--flush",
        "--return",
        "--command",
        `stty cols ${columns} rows 24; exec ${line}`,
        "/dev/null",
      ],
      cwd: home.path,
      clearEnv: true,
      env: { ...inherited(), HOME: home.path, TERM: "xterm", SHELL: "/bin/sh", ...home.env, ...env },
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#writer = this.#child.stdin.getWriter();
    this.#reading = this.#read();
  }

  /** All that the terminal showed so far. */
  get seen(): string {
    return this.#seen;
  }

  /** Resolves once the text has been shown after what was waited for before. */
  async waitFor(text: string): Promise<void> {
    while (!this.#seen.includes(text)) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiters.push(resolve);
      await Promise.race([promise, this.#reading.then(() => this.#assertShown(text))]);
    }
  }

  /** Types keys. */
  async type(keys: string): Promise<void> {
    await this.#writer.write(new TextEncoder().encode(keys));
  }

  /** Waits for the end. */
  async end(): Promise<{ code: number; seen: string }> {
    const { code } = await this.#child.status;
    await this.#reading;
    await this.#writer.close().catch(() => {});
    return { code, seen: this.#seen };
  }

  #assertShown(text: string): void {
    if (!this.#seen.includes(text)) {
      throw new Error(`the command ended without showing ${text}:\n${this.#seen}`);
    }
  }

  async #read(): Promise<void> {
    for await (const chunk of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      this.#seen += chunk;
      for (const wake of this.#waiters.splice(0)) wake();
    }
  }
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

async function canRunScript(): Promise<boolean> {
  try {
    const { success } = await new Deno.Command("script", {
      args: ["--quiet", "--return", "--command", "true", "/dev/null"],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
    return success;
  } catch {
    sayTestsSkipped("tests in a pseudo-terminal, because there is no `script` on this machine");
    return false;
  }
}

/** Runs the command as a process with a home of its own, as a person's shell would. */
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What a process ended with. */
export interface Finished {
  code: number;
  stdout: string;
  stderr: string;
}

/** How to run it. */
export interface RunOptions {
  env?: Record<string, string>;
  stdin?: string;
}

/** A temporary home folder and the command run in it. */
export class Home implements AsyncDisposable {
  readonly path: string;
  /** Environment of every run in this home. */
  readonly env: Record<string, string>;

  constructor(env: Record<string, string> = {}) {
    this.path = Deno.makeTempDirSync({ prefix: "infraudit-home-" });
    this.env = env;
  }

  get configPath(): string {
    return `${this.path}/.infraudit/config.yaml`;
  }

  /** Writes a configuration file as its owner would have it. */
  async writeConfig(text: string): Promise<void> {
    await Deno.mkdir(`${this.path}/.infraudit`, { recursive: true, mode: 0o700 });
    await Deno.writeTextFile(this.configPath, text, { mode: 0o600 });
  }

  /** Starts the command; nothing of the tests' own environment but the way to programs reaches it. */
  spawn(args: string[], options: RunOptions = {}): Deno.ChildProcess {
    const command = commandLine(args);
    return new Deno.Command(command[0] ?? "", {
      args: command.slice(1),
      cwd: this.path,
      clearEnv: true,
      env: { ...inherited(), HOME: this.path, ...this.env, ...options.env },
      stdin: options.stdin === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  }

  /** Runs the command to its end. */
  async run(args: string[], options: RunOptions = {}): Promise<Finished> {
    const child = this.spawn(args, options);
    if (options.stdin !== undefined) {
      const writer = child.stdin.getWriter();
      await writer.write(new TextEncoder().encode(options.stdin));
      await writer.close();
    }
    return finished(await child.output());
  }

  /** Runs the command where no file may grow: what a full disk does to a write, without filling one. */
  async runOnFullDisk(args: string[]): Promise<Finished> {
    const output = await new Deno.Command("bash", {
      args: ["-c", 'trap "" XFSZ; ulimit -f 0; exec "$@"', "bash", ...commandLine(args)],
      cwd: this.path,
      clearEnv: true,
      env: { ...inherited(), HOME: this.path, ...this.env },
    }).output();
    return finished(output);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}

/** The words that start the command from the checkout. */
export function commandLine(args: string[]): string[] {
  return [Deno.execPath(), "run", "-A", "--quiet", "--cached-only", `${ROOT}cli/main.ts`, ...args];
}

/** The variables a program needs to start at all. */
export function inherited(): Record<string, string> {
  const names = ["PATH", "DENO_DIR", "DENO_TLS_CA_STORE", "TMPDIR"];
  const found = names.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  const home = Deno.env.get("HOME") ?? "/root";
  return { DENO_DIR: `${home}/.cache/deno`, ...Object.fromEntries(found) };
}

function finished(output: Deno.CommandOutput): Finished {
  const decoder = new TextDecoder();
  return {
    code: output.code,
    stdout: decoder.decode(output.stdout),
    stderr: decoder.decode(output.stderr),
  };
}

/** The names in a folder, sorted. */
export async function namesIn(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder), (entry) => entry.name)).sort();
}

/** Questions to the person, on standard error so that standard output stays data; and secrets by pipe. */
import process from "node:process";
import { CliFailure, EXIT, Interrupted } from "../exit_codes.ts";
import type { Terminal } from "./terminal.ts";

const MAX_SECRET_BYTES = 64 * 1024;

interface PromptContext {
  output: NodeJS.WriteStream;
  signal: AbortSignal;
}

/** Asks for one line. `flag` is what a script uses instead, named when there is no terminal. */
export async function askText(
  terminal: Terminal,
  flag: string,
  message: string,
  preset?: string,
): Promise<string> {
  requirePerson(terminal, flag);
  // The prompts are loaded when somebody is asked: no other command waits for them.
  const { default: input } = await import("@inquirer/input");
  const answer = await ask((context) =>
    input({ message, default: preset, required: preset === undefined }, context)
  );
  return answer.trim();
}

/** Asks for a secret without showing it. */
export async function askSecret(terminal: Terminal, flag: string, message: string): Promise<string> {
  requirePerson(terminal, flag);
  const validate = (value: string) => value.length > 0 || "must not be empty";
  const { default: password } = await import("@inquirer/password");
  return await ask((context) => password({ message, mask: false, validate }, context));
}

/** Asks for yes or no; a bare return means no, unless told otherwise. */
export async function askYesNo(
  terminal: Terminal,
  flag: string,
  message: string,
  preset = false,
): Promise<boolean> {
  requirePerson(terminal, flag);
  const { default: confirm } = await import("@inquirer/confirm");
  return await ask((context) => confirm({ message, default: preset }, context));
}

/**
 * Reads one secret from standard input, up to its first line's end.
 * @throws CliFailure when nothing comes or the terminal itself is standard input
 */
export async function readSecretFromStdin(flag: string): Promise<string> {
  if (process.stdin.isTTY) {
    throw new CliFailure(EXIT.USAGE, `${flag} reads standard input, and nothing is piped into it.`, {
      next: `infraudit … ${flag} < file`,
    });
  }
  const text = new TextDecoder().decode(await readStdinBytes(MAX_SECRET_BYTES, flag));
  const secret = text.split(/\r?\n/, 1)[0] ?? "";
  if (secret === "") throw new CliFailure(EXIT.USAGE, `${flag}: standard input was empty.`);
  return secret;
}

/** Reads standard input to its end. */
export async function readStdinBytes(maxBytes: number, what: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    const bytes = typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk as Uint8Array;
    chunks.push(bytes);
    size += bytes.length;
    if (size > maxBytes) {
      throw new CliFailure(EXIT.USAGE, `${what}: standard input is over ${maxBytes} bytes.`);
    }
  }
  return new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer());
}

function requirePerson(terminal: Terminal, flag: string): void {
  if (terminal.canAsk) return;
  throw new CliFailure(EXIT.USAGE, `Without a terminal, ${flag} is needed.`);
}

/**
 * Asks and waits. Ctrl-C, Ctrl-D and a terminal that goes away are the person's way out, whatever the runtime
 * makes of them.
 */
async function ask<Value>(question: (context: PromptContext) => Promise<Value>): Promise<Value> {
  const left = new AbortController();
  const leave = () => left.abort();
  const onKey = (_: unknown, key?: { name?: string; ctrl?: boolean }) => {
    if (key?.ctrl && (key.name === "d" || key.name === "c")) leave();
  };
  process.stdin.on("keypress", onKey);
  process.stdin.once("end", leave);
  try {
    return await question({ output: process.stderr, signal: left.signal });
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    if (left.signal.aborted || name === "ExitPromptError" || name === "AbortPromptError") {
      throw new Interrupted();
    }
    throw error;
  } finally {
    process.stdin.off("keypress", onKey);
    process.stdin.off("end", leave);
  }
}

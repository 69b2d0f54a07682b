/** Questions to the person, on standard error so that standard output stays data; and secrets by pipe. */
import process from "node:process";
import { CliFailure, EXIT, Interrupted } from "../exit_codes.ts";
import type { Terminal } from "./terminal.ts";

const MAX_SECRET_BYTES = 64 * 1024;

/** Asks for one line. `flag` is what a script uses instead, named when nobody can be asked. */
export async function askText(
  terminal: Terminal,
  flag: string,
  message: string,
  preset?: string,
): Promise<string> {
  requirePerson(terminal, flag);
  // The prompts are loaded when somebody is asked: no other command waits for them.
  const { default: input } = await import("@inquirer/input");
  const answer = await ask(() =>
    input({ message, default: preset, required: preset === undefined }, { output: process.stderr })
  );
  return answer.trim();
}

/** Asks for a secret without showing it. */
export async function askSecret(terminal: Terminal, flag: string, message: string): Promise<string> {
  requirePerson(terminal, flag);
  const validate = (value: string) => value.length > 0 || "must not be empty";
  const { default: password } = await import("@inquirer/password");
  return await ask(() => password({ message, mask: false, validate }, { output: process.stderr }));
}

/** Asks for yes or no; no is the answer of somebody who just presses return. */
export async function askYesNo(terminal: Terminal, flag: string, message: string): Promise<boolean> {
  requirePerson(terminal, flag);
  const { default: confirm } = await import("@inquirer/confirm");
  return await ask(() => confirm({ message, default: false }, { output: process.stderr }));
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
  const text = await readStdin(MAX_SECRET_BYTES, flag);
  const secret = text.split(/\r?\n/, 1)[0] ?? "";
  if (secret === "") throw new CliFailure(EXIT.USAGE, `${flag}: standard input was empty.`);
  return secret;
}

/** Reads standard input to its end as UTF-8. */
export async function readStdin(maxBytes: number, what: string): Promise<string> {
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
  return new TextDecoder().decode(await new Blob(chunks as BlobPart[]).arrayBuffer());
}

function requirePerson(terminal: Terminal, flag: string): void {
  if (terminal.canAsk) return;
  throw new CliFailure(EXIT.USAGE, `${flag} is needed: without a terminal nothing can be asked.`);
}

async function ask<Value>(question: () => Promise<Value>): Promise<Value> {
  try {
    return await question();
  } catch (error) {
    // The prompt library's own word for Ctrl-C and for a terminal that went away.
    if (error instanceof Error && error.name === "ExitPromptError") throw new Interrupted();
    throw error;
  }
}

/** The text of an import from a file or a pipe, in whatever Unicode encoding it was written. */
import { readFile } from "node:fs/promises";
import { CliFailure, EXIT } from "../exit_codes.ts";
import { readStdinBytes } from "../terminal/prompt.ts";

/** A bound against a wrong pipe, far beyond any state that Terraform itself can handle. */
const MOST_BYTES = 1024 * 1024 * 1024;

const SHOW_STATE =
  "terraform show -json > state.json, then: infraudit resources import state.json --full --source NAME";

/** What names the input in messages. */
export function nameOf(path: string): string {
  return path === "-" ? "Standard input" : path;
}

/**
 * Reads a file, or standard input for `-`.
 * @throws CliFailure with exit code 2 when it can't be read or is no JSON
 */
export async function readImportText(path: string): Promise<string> {
  const text = decode(
    path === "-" ? await readStdinBytes(MOST_BYTES, "resources import") : await readBytes(path),
  );
  assertJson(text, path);
  return text;
}

/**
 * Text of UTF-8 or UTF-16, with or without a byte order mark: PowerShell's `>` writes UTF-16.
 * @see https://www.rfc-editor.org/rfc/rfc4627#section-3 for telling them apart by the first two characters
 */
export function decode(bytes: Uint8Array): string {
  const [first = 0, second = 0] = bytes;
  const isLittle = (first === 0xff && second === 0xfe) || (first !== 0 && second === 0 && bytes.length > 1);
  const isBig = (first === 0xfe && second === 0xff) || (first === 0 && second !== 0);
  const encoding = isLittle ? "utf-16le" : isBig ? "utf-16be" : "utf-8";
  return new TextDecoder(encoding).decode(bytes);
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const reasons: Record<string, string> = {
      ENOENT: "there is no such file",
      EISDIR: "it is a folder",
      EACCES: "you may not read it",
    };
    throw new CliFailure(EXIT.USAGE, `${path} can't be read: ${reasons[code ?? ""] ?? code}.`, {
      cause: error,
    });
  }
}

/** Found here, a fault costs no upload; the message names the file instead of the request. */
function assertJson(text: string, path: string): void {
  if (text.trim() === "") {
    throw new CliFailure(EXIT.USAGE, `${nameOf(path)} is empty: the command before it may have failed.`, {
      next: SHOW_STATE,
    });
  }
  try {
    JSON.parse(text);
  } catch (error) {
    if (isJsonLines(text)) return;
    // The parser's own message quotes the content, which may hold secrets.
    throw new CliFailure(EXIT.USAGE, `${nameOf(path)} is not JSON.`, {
      next: SHOW_STATE,
      cause: error,
    });
  }
}

/** `terraform plan -json` prints an object a line. */
function isJsonLines(text: string): boolean {
  try {
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    for (const line of lines) JSON.parse(line);
    return lines.length > 1;
  } catch {
    return false;
  }
}

/** `infraudit resources import`: a JSON array of snapshots or a Terraform state, from a file or a pipe. */
import { randomUUID } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { NetworkFailure } from "../../shared/client/client_failures.ts";
import { importResources, MAX_IMPORT_BYTES } from "../../shared/contracts/imports.ts";
import type { App } from "../app.ts";
import { CliFailure, EXIT } from "../exit_codes.ts";
import { printRecord } from "../output/print.ts";
import { startProgress } from "../terminal/progress.ts";
import { readStdin } from "../terminal/prompt.ts";

export interface ImportOptions {
  source?: string;
  full?: boolean;
}

/** Imports a file's content, or standard input's for `-`. */
export async function runImport(app: App, path: string, options: ImportOptions): Promise<void> {
  const text = path === "-" ? await readStdin(MAX_IMPORT_BYTES, "resources import") : await readImport(path);
  assertJson(text, path);
  const client = await app.client();
  const query = { source: options.source, full: options.full ? "true" as const : undefined };
  // The same key for both tries: an import whose answer got lost is not done twice.
  const headers = { "idempotency-key": randomUUID() };
  const send = () => client.call(importResources, { query, body: text }, { signal: app.signal, headers });
  const progress = startProgress(app.terminal.isTalkTty && !app.flags.quiet);
  progress.say(`Importing ${path === "-" ? "standard input" : path}…`);
  try {
    const answer = await send().catch((error: unknown) => {
      if (!(error instanceof NetworkFailure)) throw error;
      progress.say("No answer: trying once more…");
      return send();
    });
    progress.done();
    await printRecord(app, answer, Object.entries(answer), answer.drifted);
  } finally {
    progress.done();
  }
}

async function readImport(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > MAX_IMPORT_BYTES) {
      const message = `${path} is larger than ${
        MAX_IMPORT_BYTES / 1024 / 1024
      } MiB, the most one import takes.`;
      throw new CliFailure(EXIT.USAGE, message, { next: "split it, and import the parts with --source" });
    }
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof CliFailure) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    const reason = code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "it is a folder" : code;
    throw new CliFailure(EXIT.USAGE, `${path} can't be read: ${reason}.`, { cause: error });
  }
}

/** Found here, a fault costs no upload; the message names the file instead of the request. */
function assertJson(text: string, path: string): void {
  try {
    JSON.parse(text);
  } catch (error) {
    // The parser's own message quotes the content, which may hold secrets.
    throw new CliFailure(EXIT.USAGE, `${path === "-" ? "Standard input" : path} is not JSON.`, {
      next: `terraform show -json > state.json, then: infraudit resources import state.json`,
      cause: error,
    });
  }
}

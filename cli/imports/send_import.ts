/** Sends an import to the API, in parts where it is over the limits, so that the parts are one picture. */
import { randomUUID } from "node:crypto";
import { ApiFailure } from "../../shared/client/client_failures.ts";
import { importResources, type ImportResult } from "../../shared/contracts/imports.ts";
import { whoami } from "../../shared/contracts/session.ts";
import type { App } from "../app.ts";
import type { ImportOptions } from "../commands/resources.ts";
import { CliFailure, EXIT } from "../exit_codes.ts";
import type { Progress } from "../terminal/progress.ts";
import type { ImportPart } from "./split_import.ts";

/** The database's own limit for one import is 50 s. */
const TIMEOUT_MS = 120_000;
/** The clock of the server that answers and the one of its database may differ a little. */
const CLOCK_MARGIN_MS = 30_000;

/**
 * Sends the parts one after another. With `full`, only the last one says what is gone: whatever no part has seen.
 * @returns the sums of the parts, with the lists of what they changed unless `--quiet` leaves them unsaid
 * @throws CliFailure that names the part where a later one failed; those before it stay imported
 */
export async function sendImport(
  app: App,
  parts: readonly ImportPart[],
  options: ImportOptions,
  progress: Progress,
): Promise<ImportResult> {
  const client = await app.client();
  const isCut = parts.length > 1;
  if (isCut && options.full && options.dryRun) {
    await app.note("This import is sent in parts, so the dry run can't count what is missing.");
  }
  const startedAt = isCut ? await serverTime(app) : 0;
  const total = parts.reduce((sum, part) => sum + part.resources, 0);
  const clock = startClock(progress, parts, total);
  const results: ImportResult[] = [];
  try {
    for (const [at, part] of parts.entries()) {
      clock.begin(at);
      const isLast = at === parts.length - 1;
      const query = {
        source: options.source,
        full: options.full && isLast && !(isCut && options.dryRun)
          ? fullSince(parts.length, startedAt)
          : isCut
          ? "false"
          : undefined,
        allow_mass_delete: options.allowMassDelete ? "true" as const : undefined,
        dry_run: options.dryRun ? "true" as const : undefined,
        detail: app.flags.quiet ? undefined : "true" as const,
      };
      // The same key for every try: an import whose answer got lost is not done twice.
      const headers = { "idempotency-key": randomUUID() };
      const settings = { signal: app.signal, headers, timeoutMs: TIMEOUT_MS };
      try {
        results.push(await client.call(importResources, { query, body: part.text }, settings));
      } catch (error) {
        throw isCut ? partFailure(error, at, parts.length) : error;
      }
    }
  } finally {
    clock.stop();
  }
  return results.reduce(add);
}

/** One request is the whole picture by itself; the last of several completes what was seen since the first. */
function fullSince(parts: number, startedAt: number): string {
  return parts === 1 ? "true" : new Date(startedAt).toISOString();
}

async function serverTime(app: App): Promise<number> {
  const { headers } = await (await app.client()).exchange(whoami, {}, { signal: app.signal });
  return timeOf(headers);
}

/** The server's clock, a little early. */
function timeOf(headers: Headers): number {
  const told = Date.parse(headers.get("date") ?? "");
  return (Number.isNaN(told) ? Date.now() : told) - CLOCK_MARGIN_MS;
}

function add(sum: ImportResult, part: ImportResult): ImportResult {
  const { changes: before, ...counts } = sum;
  const { changes: after, ...more } = part;
  const names = [...new Set([...Object.keys(counts), ...Object.keys(more)])] as (keyof typeof counts)[];
  const total = Object.fromEntries(names.map((name) => [name, (counts[name] ?? 0) + (more[name] ?? 0)]));
  const changes = before && after ? { changes: [...before, ...after] } : {};
  return { ...total, ...changes } as ImportResult;
}

function partFailure(error: unknown, at: number, parts: number): unknown {
  if (!(error instanceof ApiFailure)) return error;
  const before = at === 0 ? "Nothing was imported" : `The parts before it are imported`;
  const message = `Part ${
    at + 1
  } of ${parts} failed: ${error.message} ${before}, and nothing was marked deleted.`;
  const exitCode = error.status === 401
    ? EXIT.SIGN_IN
    : error.status >= 500 || error.status === 429
    ? EXIT.SERVER
    : EXIT.REFUSED;
  return new CliFailure(exitCode, message, {
    next: "correct what it names, then the same command again",
    requestId: error.requestId,
    cause: error,
  });
}

/** Says how far it is, every second: a request that takes long must not look dead. */
function startClock(progress: Progress, parts: readonly ImportPart[], total: number) {
  const started = performance.now();
  let current = 0;
  const say = () => {
    const done = parts.slice(0, current).reduce((sum, part) => sum + part.resources, 0);
    const seconds = Math.floor((performance.now() - started) / 1000);
    const count = total > 0 ? `${total.toLocaleString("en")} resources` : "resources";
    if (parts.length === 1) return progress.say(`Importing ${count}… ${seconds} s`);
    const left = done > 0 ? `, about ${Math.ceil((seconds / done) * (total - done))} s left` : "";
    progress.say(
      `Importing ${count}, part ${current + 1} of ${parts.length}… ${
        done.toLocaleString("en")
      } done in ${seconds} s${left}`,
    );
  };
  const timer = setInterval(say, 1_000);
  return {
    begin(at: number) {
      current = at;
      say();
    },
    stop: () => clearInterval(timer),
  };
}

/** What a check covers: which resources there are, and how old their last import is. */
import { ApiFailure } from "../../shared/client/client_failures.ts";
import { listResources, type Resource, summarizeResources } from "../../shared/contracts/resources.ts";
import type { App } from "../app.ts";
import { findResource } from "../commands/resource_ref.ts";
import { serverNow } from "../network/server_clock.ts";
import { CliFailure, EXIT } from "../exit_codes.ts";
import { collect } from "../output/collect.ts";
import { describeSpan, relativeTime } from "../output/relative_time.ts";

export interface CheckScope {
  /** Resources that exist and are not deleted. */
  resources: number;
  /** When the newest import saw one of them, RFC 3339. */
  lastSeenAt: string;
  /** The named ones; empty where all of the organization's are checked. */
  named: Resource[];
}

/**
 * Finds what is to be checked. A gate that checks nothing, or what is long gone, does not pass.
 * @param refs resources as named with `--resource`
 * @param maxAgeSeconds oldest import that still counts
 * @throws CliFailure with exit code 3 when there is nothing to check, or what there is is too old
 */
export async function findScope(
  app: App,
  refs: readonly string[],
  maxAgeSeconds: number | undefined,
): Promise<CheckScope> {
  const scope = refs.length > 0 ? await namedScope(app, refs) : await wholeScope(app);
  if (maxAgeSeconds === undefined) return scope;
  const now = await serverNow(app);
  const seen = scope.named.length > 0
    ? scope.named.map((one) => ({ what: `Resource ${one.name}`, at: one.last_seen_at }))
    : [{ what: "The newest import", at: scope.lastSeenAt }];
  for (const { what, at } of seen) {
    if (now - Date.parse(at) <= maxAgeSeconds * 1000) continue;
    const verb = scope.named.length > 0 ? "was last imported" : "is from";
    const age = describeSpan(maxAgeSeconds) ?? `${maxAgeSeconds} seconds`;
    throw cantTell(`${what} ${verb} ${relativeTime(at, now)}, which is longer than ${age} (--max-age).`);
  }
  return scope;
}

async function namedScope(app: App, refs: readonly string[]): Promise<CheckScope> {
  const named: Resource[] = [];
  for (const ref of refs) {
    const resource = await findResource(app, ref);
    if (resource.status === "deleted") {
      throw cantTell(
        `Resource ${resource.name} (id ${resource.id}) was deleted: an import no longer found it.`,
        `infraudit drifts list --resource ${resource.id}`,
      );
    }
    if (!named.some(({ id }) => id === resource.id)) named.push(resource);
  }
  return { resources: named.length, lastSeenAt: newest(named), named };
}

async function wholeScope(app: App): Promise<CheckScope> {
  const { total, last_seen_at } = await summarize(app);
  if (total === 0 || last_seen_at === null) throw cantTell("There are no resources, so nothing was checked.");
  return { resources: total, lastSeenAt: last_seen_at, named: [] };
}

/** The server's own counts; a server that has no such endpoint yet is asked for the whole list. */
async function summarize(app: App): Promise<{ total: number; last_seen_at: string | null }> {
  try {
    return await (await app.client()).call(summarizeResources, {}, { signal: app.signal });
  } catch (error) {
    const isOlder = error instanceof ApiFailure && (error.status === 404 || error.status === 400);
    if (!isOlder) throw error;
    const { data } = await collect<Resource>(app, listResources, {}, "resources");
    const there = data.filter((row) => row.status !== "deleted");
    return { total: there.length, last_seen_at: there.length > 0 ? newest(there) : null };
  }
}

function newest(rows: readonly Resource[]): string {
  return rows.map((row) => row.last_seen_at).reduce((a, b) => Date.parse(a) > Date.parse(b) ? a : b);
}

function cantTell(
  message: string,
  next = "infraudit resources import FILE --full --source NAME, then the check again",
): CliFailure {
  return new CliFailure(EXIT.SERVER, message, { next });
}

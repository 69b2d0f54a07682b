/** Compares resources with their baselines, a page at a time, and has Postgres write what was found. */
import { z } from "zod";
import { detectDrifts, type DetectedDrift, fingerprintOf } from "../drift/detect.ts";
import { isRecord, type JsonRecord } from "../drift/json.ts";
import type { CallerDatabase } from "../db/client.ts";
import { toJson } from "../db/json.ts";
import type { Json } from "../db/types.ts";
import { unwrap } from "../db/unwrap.ts";

const PAGE_SIZE = 500;
/** Some milliseconds of work. */
const RESOURCES_AT_ONCE = 25;
const MAX_ATTEMPTS = 4;

const Contents = z.custom<JsonRecord>(isRecord).nullable();
const Tags = z.record(z.string(), z.string()).nullable();

/** What a page says of a resource; contents are left out where the fingerprints are equal. */
const Candidate = z.object({
  id: z.int(),
  resource_type: z.string(),
  revision: z.int(),
  fingerprint: z.string().nullable(),
  configuration: Contents,
  tags: Tags,
  baseline: z.object({ id: z.int(), configuration: Contents, tags: Tags }).nullable(),
});
type Candidate = z.infer<typeof Candidate>;

const Page = z.object({
  checked: z.int(),
  last: z.int().nullable(),
  is_last: z.boolean(),
  resources: z.array(Candidate),
});

/** Where a detection's pages come from, and what takes what was found of them. */
export interface DetectionPages {
  plan(limit: number): PromiseLike<Parameters<typeof unwrap>[0]>;
  apply(page: DetectedPage): PromiseLike<Parameters<typeof unwrap>[0]>;
}

export interface DetectedPage {
  readonly checks: Json;
  readonly found: Json;
  /** How many resources were looked at, those that needed no comparing among them. */
  readonly checked: number;
  /** Id of the last one; null where there was none. */
  readonly last: number | null;
  readonly isLast: boolean;
}

/**
 * Detects drift of some of the caller's resources, right after their baselines changed.
 * @throws ApiError FORBIDDEN as Postgres decides, UNAVAILABLE when others kept changing the same resources
 */
export async function runDetection(db: CallerDatabase, resourceIds: readonly number[]): Promise<void> {
  let after = 0;
  for (let isLast = false; !isLast;) {
    const page = await detectPage({
      plan: (p_limit) =>
        db.rpc("plan_detection", { p_resource_ids: [...resourceIds], p_after: after, p_limit }),
      apply: ({ checks, found }) => db.rpc("apply_detection", { p_checks: checks, p_found: found }),
    });
    after = page.last ?? after;
    isLast = page.isLast;
  }
}

/**
 * Compares one page and has it written.
 * @returns the page, with the milliseconds that comparing took
 * @throws ApiError as the pages' source does, UNAVAILABLE when others kept changing the same resources
 */
export async function detectPage(
  pages: DetectionPages,
): Promise<DetectedPage & { busyMilliseconds: number }> {
  for (let attempt = 1;; attempt++) {
    const { checked, last, is_last, resources } = Page.parse(unwrap(await pages.plan(PAGE_SIZE)));
    const { checks, found, busyMilliseconds } = await compareAll(resources);
    const page = { checks: toJson(checks), found: toJson(found), checked, last, isLast: is_last };
    const written = await pages.apply(page);
    // Somebody changed the same resources between the two calls: look again.
    if (written.error?.code === "40001" && attempt < MAX_ATTEMPTS) continue;
    unwrap(written);
    return { ...page, busyMilliseconds };
  }
}

/** Lets other requests of the isolate through every few resources. */
async function compareAll(resources: readonly Candidate[]) {
  const compared: ReturnType<typeof compare>[] = [];
  let busyMilliseconds = 0;
  for (let first = 0; first < resources.length; first += RESOURCES_AT_ONCE) {
    if (first > 0) await new Promise((resolve) => setTimeout(resolve, 0));
    const started = performance.now();
    for (const resource of resources.slice(first, first + RESOURCES_AT_ONCE)) {
      compared.push(compare(resource));
    }
    busyMilliseconds += performance.now() - started;
  }
  return {
    checks: compared.map(({ check }) => check),
    found: compared.flatMap(({ found }) => found),
    busyMilliseconds,
  };
}

function compare(resource: Candidate): {
  check: { resource_id: number; revision: number; baseline_id: number | null; fingerprint: string | null };
  found: (DetectedDrift & { resource_id: number })[];
} {
  const { id, resource_type, revision, configuration, tags, baseline } = resource;
  const check = { resource_id: id, revision, baseline_id: baseline?.id ?? null };
  // The contents are left out: the fingerprints are equal, whatever was open is over.
  if (configuration === null) return { check: { ...check, fingerprint: resource.fingerprint }, found: [] };
  const current = { configuration, tags: tags ?? {} };
  // An empty configuration without a baseline was never captured, so it becomes none.
  const isCaptured = baseline !== null || Object.keys(configuration).length > 0;
  const fingerprint = isCaptured ? fingerprintOf(resource_type, current) : null;
  if (baseline === null) return { check: { ...check, fingerprint }, found: [] };
  const should = { configuration: baseline.configuration ?? {}, tags: baseline.tags ?? {} };
  const found = detectDrifts(resource_type, should, current).map((drift) => ({ ...drift, resource_id: id }));
  return { check: { ...check, fingerprint }, found };
}

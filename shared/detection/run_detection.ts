/** Compares resources with their baselines, a page at a time, and has Postgres write what was found. */
import { z } from "zod";
import { detectDrifts, type DetectedDrift, fingerprintOf } from "../drift/detect.ts";
import { isRecord, type JsonRecord } from "../drift/json.ts";
import type { CallerDatabase } from "../db/client.ts";
import { toJson } from "../db/json.ts";
import { unwrap } from "../db/unwrap.ts";

const PAGE_SIZE = 500;
const MAX_ATTEMPTS = 4;

const Contents = z.custom<JsonRecord>(isRecord).nullable();
const Tags = z.record(z.string(), z.string()).nullable();

/** What `plan_detection` says of a resource; contents are left out where the fingerprints are equal. */
const Candidate = z.object({
  id: z.int(),
  resource_type: z.string(),
  revision: z.int(),
  fingerprint: z.string().nullable(),
  configuration: Contents,
  tags: Tags,
  baseline: z.object({ id: z.int(), configuration: Contents, tags: Tags }).nullable(),
});

const Plan = z.object({
  checked: z.int(),
  last: z.int().nullable(),
  unknown: z.array(z.int()),
  resources: z.array(Candidate),
});
type Plan = z.infer<typeof Plan>;

export interface DetectionResult {
  checked: number;
  drifted: number;
  /** Asked-for ids that are none of the organization's resources; nothing was written then. */
  unknown: number[];
}

/**
 * Detects drift of the organization's resources, or of some of them.
 * @param job told to the event stream as `scan_progress` after each page
 * @throws ApiError FORBIDDEN as Postgres decides, UNAVAILABLE when others kept changing the same resources
 */
export async function runDetection(
  db: CallerDatabase,
  resourceIds?: readonly number[],
  job?: { job_id: string },
): Promise<DetectionResult> {
  const result: DetectionResult = { checked: 0, drifted: 0, unknown: [] };
  let after = 0;
  for (;;) {
    const page = await detectPage(db, resourceIds, after, result, job);
    result.unknown = page.unknown;
    if (page.last === null || page.unknown.length > 0) return result;
    after = page.last;
  }
}

async function detectPage(
  db: CallerDatabase,
  resourceIds: readonly number[] | undefined,
  after: number,
  result: DetectionResult,
  job: { job_id: string } | undefined,
): Promise<Plan> {
  for (let attempt = 1;; attempt++) {
    const plan = Plan.parse(unwrap(
      await db.rpc("plan_detection", {
        p_resource_ids: resourceIds && [...resourceIds],
        p_after: after,
        p_limit: PAGE_SIZE,
      }),
    ));
    const isLast = plan.checked < PAGE_SIZE;
    if (plan.unknown.length > 0 || (plan.checked === 0 && after > 0)) return { ...plan, last: null };
    const compared = plan.resources.map(compare);
    const found = compared.flatMap(({ found }) => found);
    const drifted = new Set(found.map(({ resource_id }) => resource_id)).size;
    const progress = job && {
      ...job,
      scan: "detection",
      status: isLast ? "completed" : "running",
      checked: result.checked + plan.checked,
      drifted: result.drifted + drifted,
    };
    const written = await db.rpc("apply_detection", {
      p_checks: toJson(compared.map(({ check }) => check)),
      p_found: toJson(found),
      p_progress: progress,
    });
    // Somebody changed the same resources between the two calls: look again.
    if (written.error?.code === "40001" && attempt < MAX_ATTEMPTS) continue;
    unwrap(written);
    result.checked += plan.checked;
    result.drifted += drifted;
    return isLast ? { ...plan, last: null } : plan;
  }
}

function compare(resource: z.infer<typeof Candidate>): {
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

/** A detection as a job: one page of resources a step. */
import type { Job, StepEnd } from "../jobs/job.ts";
import type { ServiceDatabase } from "../db/client.ts";
import { detectPage } from "./run_detection.ts";

/**
 * Compares the job's next page. Writes, progress and position are one transaction: done twice, it is done once.
 * @throws ApiError CONFLICT where another worker has the job, UNAVAILABLE where others keep changing its resources
 */
export async function detectionStep(database: ServiceDatabase, job: Job): Promise<StepEnd> {
  const held = { p_job: job.id, p_lease: job.lease };
  return await detectPage({
    plan: (p_limit) => database.rpc("plan_detection_step", { ...held, p_limit }),
    apply: ({ checks, found, checked, last, isLast }) =>
      database.rpc("apply_detection_step", {
        ...held,
        p_checks: checks,
        p_found: found,
        p_checked: checked,
        p_last: last ?? 0,
        p_is_last: isLast,
      }),
  });
}

/** Long work: how far it is, and the worker that does it, woken by the schedule. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { Timestamp } from "./fields.ts";

const count = z.int().nonnegative();

export const DetectionJob = z.strictObject({
  id: z.uuid(),
  status: z.enum(["queued", "running", "done", "failed"]),
  total: count.meta({ description: "Resources to compare." }),
  done: count.meta({ description: "Resources compared so far." }),
  found: count.meta({ description: "Resources found to have drifted so far." }),
  started_at: Timestamp.nullable(),
  finished_at: Timestamp.nullable(),
}).meta({ id: "DetectionJob" });
export type DetectionJob = z.infer<typeof DetectionJob>;

export const getDetectionJob = endpoint({
  id: "getDetectionJob",
  method: "GET",
  path: "/drifts/jobs/:id",
  tag: "Drifts",
  auth: "bearer",
  permission: "drifts:read",
  summary: "Get how far a comparison is",
  params: z.object({ id: z.uuid() }),
  success: { status: 200, schema: DetectionJob },
  errors: ["NOT_FOUND"],
});

export const JobsRun = z.strictObject({
  steps: count.meta({ description: "Steps done, of all jobs together." }),
  tasks: count.meta({ description: "Batches done of what is due on the schedule." }),
  failures: count.meta({ description: "Steps and batches that failed; they are tried again later." }),
  is_more: z.boolean().meta({
    description: "True if work was left. It goes on by itself in another request.",
  }),
}).meta({ id: "JobsRun" });

export const runJobs = endpoint({
  id: "runJobs",
  method: "POST",
  path: "/jobs/run",
  tag: "Health",
  auth: "none",
  summary: "Do waiting work now; for schedules, with the worker's secret as the bearer",
  success: { status: 200, schema: JobsRun },
  errors: ["INVALID_REQUEST", "TOKEN_MISSING", "TOKEN_INVALID", "API_KEY_INVALID"],
});

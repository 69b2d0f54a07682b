/** Liveness and readiness. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { Timestamp } from "./fields.ts";

export const Health = z.strictObject({ status: z.literal("ok") }).meta({ id: "Health" });

const Check = z.enum(["ok", "down"]);

export const ScheduledTask = z.strictObject({
  name: z.string().meta({ examples: ["drift_events"] }),
  last_run_at: Timestamp.nullable(),
  due_at: Timestamp.meta({ description: "When it runs next; long ago if nothing wakes the schedule." }),
  last_rows: z.int().nonnegative().meta({ description: "Rows that its last run has handled." }),
  is_late: z.boolean().meta({ description: "True if it should have run 15 minutes ago." }),
  has_failed: z.boolean().meta({ description: "True if its last run failed; the database says why." }),
}).meta({ id: "ScheduledTask" });

export const Readiness = z.strictObject({
  status: Check,
  checks: z.strictObject({ database: Check, auth: Check, jwks: Check, signing_key: Check }),
  schedule: z.array(ScheduledTask).meta({
    description: "What is done again and again. A late task is no reason to be down.",
  }),
}).meta({ id: "Readiness" });
export type Readiness = z.infer<typeof Readiness>;

export const getHealth = endpoint({
  id: "getHealth",
  method: "GET",
  path: "/health",
  tag: "Health",
  auth: "none",
  summary: "Liveness: the function runs",
  success: { status: 200, schema: Health },
});

export const getReadiness = endpoint({
  id: "getReadiness",
  method: "GET",
  path: "/health/ready",
  tag: "Health",
  auth: "none",
  summary: "Readiness: database, Auth and JWKS answer, and the signing key is published",
  success: { status: 200, schema: Readiness },
  errors: ["UNAVAILABLE"],
});

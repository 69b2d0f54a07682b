/** A job that a worker has taken, and what a step of it is. */
import { z } from "zod";
import type { ServiceDatabase } from "../db/client.ts";

export const Job = z.object({
  id: z.uuid(),
  /** Proves to Postgres that this worker has it; until it ends, no other takes the job. */
  lease: z.uuid(),
  kind: z.string(),
  organization_id: z.int().nullable(),
  parameters: z.record(z.string(), z.unknown()),
  /** Where the step begins; its meaning is the kind's. */
  position: z.int(),
  /** How often this step has begun, this time included. */
  attempts: z.int(),
});
export type Job = z.infer<typeof Job>;

/**
 * One step of a job: fits into a fraction of a request's CPU, and comes to the same when it is done twice. Where it is
 * the last, it has ended the job in Postgres. What it throws is tried again later.
 * @param database past row-level security; hand every function the job's id and lease, never an organization
 */
export type Step = (database: ServiceDatabase, job: Job) => Promise<StepEnd>;

export interface StepEnd {
  readonly isLast: boolean;
  /** Milliseconds of computing, as far as the step knows. */
  readonly busyMilliseconds: number;
}

/** The steps of every kind that a worker can do. */
export type Steps = Readonly<Record<string, Step>>;

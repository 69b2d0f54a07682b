/** Takes waiting jobs and does their steps until nothing waits or the budget is spent. */
import { describeCause } from "../config/log.ts";
import type { ServiceDatabase } from "../db/client.ts";
import { unwrap } from "../db/unwrap.ts";
import { ApiError } from "../errors/api_error.ts";
import { Job, type Steps } from "./job.ts";

/** Longer than the slowest step; a killed worker's job waits at most this long. */
const LEASE_SECONDS = 90;
/** After these, a job lets others have their turn. */
const STEPS_AT_A_STRETCH = 20;
const FIRST_RETRY_SECONDS = 5;

export interface WorkOptions {
  /** How long to go on; the step under way is finished. */
  readonly milliseconds: number;
  /** How much computing to do: a part of what the platform gives a request. */
  readonly busyMilliseconds: number;
  /** Only this job. */
  readonly only?: string;
  readonly signal?: AbortSignal;
}

export interface WorkDone {
  readonly steps: number;
  readonly failures: number;
  /** True where the budget ended before the work did. */
  readonly isMore: boolean;
}

/**
 * Works. A step that fails is noted with its job and tried again later, five times.
 * @throws ApiError UNAVAILABLE when no job can be taken
 */
export async function work(
  database: ServiceDatabase,
  steps: Steps,
  options: WorkOptions,
): Promise<WorkDone> {
  const end = performance.now() + options.milliseconds;
  let busy = 0;
  const count = { steps: 0, failures: 0 };
  const isSpent = () =>
    performance.now() >= end || busy >= options.busyMilliseconds || options.signal?.aborted === true;

  while (!isSpent()) {
    const job = await take(database, Object.keys(steps), options.only);
    if (job === null) return { ...count, isMore: false };
    try {
      let isLast = false;
      for (let taken = 0; !isLast && taken < STEPS_AT_A_STRETCH && (taken === 0 || !isSpent()); taken++) {
        const ended = await steps[job.kind]!(database, job);
        isLast = ended.isLast;
        busy += ended.busyMilliseconds;
        count.steps += 1;
      }
      if (!isLast) unwrap(await database.rpc("release_job", { p_id: job.id, p_lease: job.lease }));
    } catch (error) {
      count.failures += 1;
      await postpone(database, job, error);
    }
  }
  return { ...count, isMore: true };
}

async function take(database: ServiceDatabase, kinds: string[], only?: string): Promise<Job | null> {
  // Service key, as for every call of a worker: who asked for the job may be signed out by now. What it may do was
  // decided when it was admitted, and Postgres acts by its row alone.
  const answer = await database.rpc("take_job", {
    p_kinds: kinds,
    p_lease_seconds: LEASE_SECONDS,
    p_id: only,
  });
  return Job.nullable().parse(unwrap(answer));
}

async function postpone(database: ServiceDatabase, job: Job, error: unknown): Promise<void> {
  // The lease was lost: another worker has the job, and it is no failure of its.
  if (error instanceof ApiError && error.code === "CONFLICT") return;
  // Where even this can't be written, the lease ends by itself.
  await database.rpc("postpone_job", {
    p_id: job.id,
    p_lease: job.lease,
    p_failure: describeCause(error) ?? "unknown",
    p_seconds: FIRST_RETRY_SECONDS * 2 ** job.attempts,
  });
}

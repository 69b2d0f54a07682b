/** Does what is due on the schedule; Postgres has the tasks, and when each ran last. */
import { z } from "zod";
import type { ServiceDatabase } from "../db/client.ts";
import { unwrap } from "../db/unwrap.ts";

const Batch = z.object({ name: z.string(), rows: z.int(), failed: z.boolean() }).nullable();

/** A task's batch takes milliseconds. */
const MOST_BATCHES = 20;

/**
 * Runs due batches until nothing is due.
 * @returns how many, how many of them failed, and whether something may still be due
 * @throws ApiError UNAVAILABLE when the database can't be asked
 */
export async function runTasks(
  database: ServiceDatabase,
): Promise<{ batches: number; failures: number; isMore: boolean }> {
  let failures = 0;
  for (let batches = 0; batches < MOST_BATCHES; batches++) {
    // Service key: the schedule is nobody's.
    const batch = Batch.parse(unwrap(await database.rpc("run_due_task")));
    if (batch === null) return { batches, failures, isMore: false };
    if (batch.failed) failures += 1;
  }
  return { batches: MOST_BATCHES, failures, isMore: true };
}

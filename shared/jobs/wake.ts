/** Has another request of the worker begin: the way to go on past one request's time. */

/** What a call of the worker needs. */
export interface WorkerAddress {
  readonly supabaseUrl: string;
  readonly jobsSecret: string;
}

/** Longer than a run of the worker, which answers when it ends. */
const TIMEOUT_MILLISECONDS = 60_000;

/**
 * Calls `POST /jobs/run`, and waits until that run has ended. A call that is lost costs nothing but time: the schedule
 * comes by.
 */
export async function wakeWorker({ supabaseUrl, jobsSecret }: WorkerAddress): Promise<void> {
  const response = await fetch(`${supabaseUrl}/functions/v1/jobs/run`, {
    method: "POST",
    headers: { authorization: `Bearer ${jobsSecret}` },
    signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
  });
  await response.body?.cancel();
}

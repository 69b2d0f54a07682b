/** What `infraudit jobs get` does, and waiting for a job's end wherever a command needs it. */
import { setTimeout as sleep } from "node:timers/promises";
import { type DetectionJob, getDetectionJob } from "../../shared/contracts/jobs.ts";
import type { App } from "../app.ts";
import { CliFailure, EXIT } from "../exit_codes.ts";
import { printRecord } from "../output/print.ts";
import { startProgress } from "../terminal/progress.ts";
import type { JobOptions } from "./jobs.ts";

const PAUSE_MS = 1_000;

/** Shows a job, with `--wait` once it has ended. */
export async function runGetJob(app: App, id: string, options: JobOptions): Promise<void> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) {
    throw new CliFailure(EXIT.USAGE, `"${id}" is no job's id.`, { next: "infraudit drifts detect" });
  }
  const job = options.wait ? await waitForJob(app, id) : await fetchJob(app, id);
  await printRecord(app, job, Object.entries(job), job.status);
  if (options.wait && job.status === "failed") app.exitCode = EXIT.REFUSED;
}

/**
 * Asks once a second until the job has ended, with a progress line; `--timeout` bounds it.
 * @throws ApiFailure when there is no such job
 */
export async function waitForJob(app: App, id: string): Promise<DetectionJob> {
  const progress = startProgress(app.terminal.isTalkTty && !app.flags.quiet);
  try {
    for (;;) {
      const job = await fetchJob(app, id);
      if (job.status === "done" || job.status === "failed") return job;
      progress.say(`Comparing resources… ${job.done} of ${job.total}, ${job.found} have drifted`);
      await sleep(PAUSE_MS, undefined, { signal: app.signal });
    }
  } finally {
    progress.done();
  }
}

async function fetchJob(app: App, id: string): Promise<DetectionJob> {
  return await (await app.client()).call(getDetectionJob, { params: { id } }, { signal: app.signal });
}

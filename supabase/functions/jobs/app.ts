/** The worker over HTTP: what wakes it, and what it does then. */
import { runJobs } from "../../../shared/contracts/jobs.ts";
import { detectionStep } from "../../../shared/detection/detection_job.ts";
import { baseApp } from "../../../shared/http/base_app.ts";
import type { Deps } from "../../../shared/http/deps.ts";
import { openRoute } from "../../../shared/http/route.ts";
import type { Steps } from "../../../shared/jobs/job.ts";
import { wakeWorker } from "../../../shared/jobs/wake.ts";
import { runTasks } from "../../../shared/jobs/schedule.ts";
import { work } from "../../../shared/jobs/work.ts";
import { organizationErasureStep, personErasureStep } from "./erasure.ts";
import { requireWaker } from "./waker.ts";

/** Every kind of job, and its step. */
const STEPS: Steps = {
  detection: detectionStep,
  organization_erasure: organizationErasureStep,
  person_erasure: personErasureStep,
};

/** A part of what the platform gives a request: 2 s of CPU, of which reading and writing JSON take as much again. */
const BUDGET = { milliseconds: 20_000, busyMilliseconds: 700 };

export function createApp(deps: Deps) {
  const app = baseApp(deps);

  openRoute(app, deps, runJobs, async ({ request }) => {
    await requireWaker(request.headers, deps);
    const tasks = await runTasks(deps.service);
    // Side by side: sending waits for others' servers, and the work doesn't wait for the sending.
    const [{ isMore, ...count }] = await Promise.all([
      work(deps.service, STEPS, { ...BUDGET, signal: request.signal }),
      deps.courier.deliverDue(),
    ]);
    if (isMore || tasks.isMore) deps.background(wakeWorker(deps.env));
    return {
      ...count,
      tasks: tasks.batches,
      failures: count.failures + tasks.failures,
      is_more: isMore || tasks.isMore,
    };
  });

  return app;
}

/** The stack's own timer: wakes the worker as a hosted project's schedule does. */
import { wakeWorker, type WorkerAddress } from "../../shared/jobs/wake.ts";

const EVERY_MILLISECONDS = 10_000;

/** Wakes it every 10 seconds, one call at a time. */
export function startSchedule(worker: WorkerAddress): { stop(): void; settled(): Promise<void> } {
  let call: Promise<void> | undefined;
  const timer = setInterval(() => {
    call ??= wakeWorker(worker).catch(() => {}).finally(() => call = undefined);
  }, EVERY_MILLISECONDS);
  return {
    stop: () => clearInterval(timer),
    settled: async () => await call,
  };
}

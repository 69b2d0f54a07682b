/** Work that goes on after its request has been answered. */

/** What the platform offers for it. */
interface EdgeRuntime {
  waitUntil(work: Promise<unknown>): void;
}

/**
 * Keeps the isolate until the work has ended. It may end at any moment all the same: only what can be lost, or is
 * written down elsewhere, belongs here.
 */
export function runInBackground(work: Promise<unknown>): void {
  const settled = work.catch(() => {});
  (globalThis as { EdgeRuntime?: EdgeRuntime }).EdgeRuntime?.waitUntil(settled);
}

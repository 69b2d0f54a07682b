/** Answers whose time must tell nothing are held back to a pace that does not depend on what was found. */

/**
 * Waits until a moment; not at all when it has passed.
 * @param time as `performance.now()` counts, in milliseconds
 */
export function sleepUntil(time: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, time - performance.now())));
}

/**
 * Does some work and waits on to the next beat of a fixed pace, so that a little more or less work shows no
 * difference.
 * @param beat in milliseconds; longer than the work usually takes
 */
export async function onTheBeat<Value>(beat: number, work: () => Promise<Value>): Promise<Value> {
  const started = performance.now();
  try {
    return await work();
  } finally {
    await sleepUntil(started + beat * Math.ceil((performance.now() - started) / beat));
  }
}

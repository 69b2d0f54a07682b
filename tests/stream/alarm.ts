/** Something that wake-ups ring, for tests to wait for. */

/** Counts how often it was woken. */
export function alarm() {
  let count = 0;
  let ring = () => {};
  return {
    wake: () => {
      count++;
      ring();
    },
    /** When it has rung so often in all. */
    rung: (times: number) =>
      new Promise<void>((resolve) => {
        ring = () => void (count >= times && resolve());
        ring();
      }),
    get count() {
      return count;
    },
  };
}

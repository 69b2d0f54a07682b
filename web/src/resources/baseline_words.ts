/** How a baseline came to be, in words. */
import type { Baseline } from "../../../shared/contracts/baselines.ts";

const ORIGINS: Record<Baseline["origin"], string> = {
  first_snapshot: "First snapshot",
  expected: "Expected state",
  promoted: "Accepted state",
};

/** Such as "Accepted state". */
export function sayOrigin({ origin }: Baseline): string {
  return ORIGINS[origin];
}

/** zod as the page uses it: the build puts this in the place of the package, so that it holds for every schema. */
import { z } from "zod/v4";

const COUNTED: Record<string, string> = { string: "characters", array: "entries", set: "entries" };

z.config({
  // Compiled schemas need `eval`, which the Content-Security-Policy forbids.
  jitless: true,
  // Only where a schema has no words of its own.
  customError: (issue) => {
    if (issue.code === "invalid_type") {
      return issue.input === undefined ? "is required" : "can't be used here";
    }
    if (issue.code === "too_big") return sayLimit("at most", issue.origin, issue.maximum);
    if (issue.code === "too_small") return sayLimit("at least", issue.origin, issue.minimum);
    if (issue.code === "unrecognized_keys") return "has fields that don't belong here";
    return "doesn't look right";
  },
});

function sayLimit(bound: string, origin: string, limit: number | bigint): string {
  const noun = COUNTED[origin];
  return noun ? `must have ${bound} ${limit} ${noun}` : `must be ${bound} ${limit}`;
}

export { z };

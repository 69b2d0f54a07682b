/** Checks an answer against its schema the way a client must: strict on what it reads, calm about news. */
import type { z } from "zod";

type Issue = z.core.$ZodIssue;

/**
 * Says what keeps an answer from being used. A newer server may add fields and enum values or write a time
 * another way; none of that breaks an older client, so only missing fields and wrong types count. Strictness
 * beyond that would cost somebody the key that is shown to them this once.
 * @param schema what the endpoint promises
 * @param body the parsed JSON
 * @returns one sentence a fault, empty when the answer can be used as it is
 */
export function findFaults(schema: z.ZodType, body: unknown): string[] {
  const result = schema.safeParse(body, { reportInput: true });
  if (result.success) return [];
  return result.error.issues.filter((issue) => !isNews(issue)).map(describe);
}

function isNews(issue: Issue): boolean {
  switch (issue.code) {
    case "unrecognized_keys":
    case "invalid_format":
    case "too_big":
    case "too_small":
    case "custom":
      return true;
    case "invalid_value":
      return typeof issue.input === "string";
    case "invalid_union":
      return issue.errors.some((branch) => branch.length > 0 && branch.every(isNews));
    case "invalid_key":
    case "invalid_element":
      return issue.issues.every(isNews);
    default:
      return false;
  }
}

function describe(issue: Issue): string {
  return `${issue.path.length ? issue.path.join(".") : "the answer"}: ${issue.message}`;
}

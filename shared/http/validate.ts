/** Validates what a client sends against the contract's schemas. */
import type { z } from "zod";
import { ApiError } from "../errors/api_error.ts";
import { issueWords } from "./issue_words.ts";

const MOST_ISSUES = 50;

/**
 * The value as the schema gives it back.
 * @param where names the part of the request in each issue's path, such as `query`
 * @throws ApiError VALIDATION_FAILED with `details.issues[]` of path and message
 */
export function validate<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  where: string,
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = new Map<string, string>();
  for (const issue of parsed.error.issues) {
    const path = [where, ...issue.path].join(".");
    // One thing at a time: what follows from the first fault of a field says nothing new.
    if (!issues.has(path) && issues.size < MOST_ISSUES) issues.set(path, issueWords(issue));
  }
  throw invalidValues(Array.from(issues, ([path, message]) => ({ path, message })));
}

/**
 * The refusal of one value that no schema judges.
 * @param path such as `query.cursor`
 * @param message half a sentence after the path, such as "is not a cursor of this list"
 */
export function invalidValue(path: string, message: string): ApiError {
  return invalidValues([{ path, message }]);
}

function invalidValues(issues: { path: string; message: string }[]): ApiError {
  return new ApiError("VALIDATION_FAILED", "The request has invalid values.", { details: { issues } });
}

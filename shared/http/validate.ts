/** Validates what a client sends against the contract's schemas. */
import type { z } from "zod";
import { ApiError } from "../errors/api_error.ts";

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
  const issues = parsed.error.issues.slice(0, 50).map((issue) => ({
    path: [where, ...issue.path].join("."),
    message: issue.code === "unrecognized_keys" ? `unknown: ${nameFields(issue.keys)}` : issue.message,
  }));
  throw new ApiError("VALIDATION_FAILED", "The request has invalid values.", { details: { issues } });
}

/** A field's name is repeated only when it can be one: a secret that slipped into its place is not. */
function nameFields(keys: readonly string[]): string {
  return keys.slice(0, 5).map((key) => /^[a-z_]{1,32}$/i.test(key) ? key : "(not a field's name)").join(", ");
}

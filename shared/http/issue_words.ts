/** What is wrong with a value, in words for a person: the schema library's own sentences speak of types. */
import type { z } from "zod";

/** How the library's own messages begin; a message of ours is kept. */
const LIBRARY_WORDS = /^(?:Invalid|Too big|Too small|Unrecognized)/;

/**
 * The issue as half a sentence after the field's name, such as "must have at most 100 characters". A value is
 * never repeated: it may be a secret.
 */
export function issueWords(issue: z.core.$ZodIssue): string {
  if (issue.code === "unrecognized_keys") return `unknown: ${nameFields(issue.keys)}`;
  if (!LIBRARY_WORDS.test(issue.message)) return issue.message;
  switch (issue.code) {
    case "invalid_type":
      return issue.message.endsWith("received undefined")
        ? "is required"
        : `must be ${NOUNS[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return `must be ${issue.values.length > 1 ? "one of " : ""}${issue.values.map(String).join(", ")}`;
    case "too_big":
      return `must ${amount(issue.origin, "at most", issue.maximum)}`;
    case "too_small":
      return `must ${amount(issue.origin, "at least", issue.minimum)}`;
    case "invalid_format":
      return FORMATS[issue.format] ?? "has the wrong format";
    default:
      return "is not valid";
  }
}

const NOUNS: Record<string, string> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

const FORMATS: Record<string, string> = {
  email: "is not an email address",
  datetime: "is not a time (RFC 3339)",
  url: "is not a URL",
  uuid: "is not a UUID",
};

function amount(origin: string, bound: string, limit: number | bigint): string {
  if (origin === "string") return `have ${bound} ${limit} characters`;
  if (origin === "array" || origin === "set" || origin === "map") return `have ${bound} ${limit} entries`;
  return `be ${bound} ${limit}`;
}

/** A field's name is repeated only when it can be one: a secret that slipped into its place is not. */
function nameFields(keys: readonly string[]): string {
  return keys.slice(0, 5).map((key) => /^[a-z_]{1,32}$/i.test(key) ? key : "(not a field's name)").join(", ");
}

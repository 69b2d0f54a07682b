/** What a form's own check found, field by field. */
import type { z } from "zod";

/**
 * The first fault of each field, in words.
 * @param checked what `safeParse` gave
 * @returns message by dotted path, a capital letter first; empty when all is well
 */
export function faultsOf(checked: z.ZodSafeParseResult<unknown>): Record<string, string> {
  if (checked.success) return {};
  const faults: Record<string, string> = {};
  for (const { path, message } of checked.error.issues) faults[path.join(".")] ??= sentence(message);
  return faults;
}

/** `Is required.` of `is required`. */
export function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${/[.!?]$/.test(words) ? "" : "."}`;
}

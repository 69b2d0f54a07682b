/** What to do about a drift, in one line. */
import { FURTHER_FIELDS } from "./drift_limit.ts";
import type { Json } from "./json.ts";
import { MASK_PREFIX } from "./keyed_hash.ts";

const MOST_SHOWN = 80;

/** What {@link fixOf} needs to know of a drift. */
export interface FixableDrift {
  field_path: string;
  rule: string | null;
  baseline_value: Json;
  current_value: Json;
}

/** @returns one sentence with its full stop; values that are long or secret are not repeated */
export function fixOf({ field_path, rule, baseline_value: was, current_value: is }: FixableDrift): string {
  if (rule === "changed-outside") {
    return "Import the output of `terraform show -json` to see what changed, then undo it or accept the new state.";
  }
  if (field_path === "status" && is === "deleted") {
    return "Create the resource again, or resolve this drift if it was meant to go.";
  }
  if (field_path === FURTHER_FIELDS) {
    return "Set the fields that it names back, or accept the new state.";
  }
  const field = `\`${field_path}\``;
  if (was === null) return `Remove ${field}, or accept the new state.`;
  return `Set ${field} back to ${shown(was)}, or accept the new state.`;
}

function shown(value: Json): string {
  if (typeof value === "string" && value.startsWith(MASK_PREFIX)) {
    return "what it was (a secret, not kept here)";
  }
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > MOST_SHOWN || text.includes(MASK_PREFIX) ? "its baseline value" : text;
}

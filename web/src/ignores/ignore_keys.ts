/** What the page has fetched that a change of an ignore rule makes old. */
import { DRIFT_KEYS } from "../drifts/drift_keys.ts";

export const IGNORE_KEYS = ["ignore-rules", ...DRIFT_KEYS] as const;

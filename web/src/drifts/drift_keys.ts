/** What the page has fetched that a change of a drift makes old. */

export const DRIFT_KEYS = ["drifts", "drift", "drift-summary", "resource"] as const;

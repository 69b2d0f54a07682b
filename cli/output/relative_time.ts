/** Times as people say them: "3 minutes ago", "in 2 days". */

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/;
const STEPS: [unit: string, seconds: number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** Whether a text is a time as the API writes it. */
export function isTime(text: string): boolean {
  return RFC_3339.test(text) && !Number.isNaN(Date.parse(text));
}

/**
 * The distance of a time from now in its largest unit, rounded down.
 * @param text RFC 3339
 * @param now milliseconds since 1970
 */
export function relativeTime(text: string, now: number): string {
  const seconds = Math.round((Date.parse(text) - now) / 1000);
  const span = describeSpan(Math.abs(seconds));
  if (span === undefined) return "just now";
  return seconds < 0 ? `${span} ago` : `in ${span}`;
}

/** `3 minutes`; `undefined` for less than one. */
export function describeSpan(seconds: number): string | undefined {
  for (const [unit, size] of STEPS) {
    const count = Math.floor(seconds / size);
    if (count >= 1) return `${count} ${unit}${count === 1 ? "" : "s"}`;
  }
  return undefined;
}

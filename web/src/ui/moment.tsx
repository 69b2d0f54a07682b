/** Times as people say them, with the exact one at hand. */

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 365 * 86_400],
  ["month", 30 * 86_400],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });
const exact = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });
const day = new Intl.DateTimeFormat("en", { dateStyle: "medium" });

/**
 * How long ago or ahead a time is, such as "3 days ago".
 * @param now milliseconds since 1970
 */
export function sayWhen(time: string, now: number = Date.now()): string {
  const seconds = (Date.parse(time) - now) / 1000;
  const [unit, size] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? [undefined, 1];
  return unit ? relative.format(Math.trunc(seconds / size), unit) : seconds > 0 ? "in a moment" : "just now";
}

/** A date and time in the reader's own zone. */
export function sayExactly(time: string): string {
  return exact.format(new Date(time));
}

/** A date in the reader's own zone. */
export function sayDay(time: string): string {
  return day.format(new Date(time));
}

/** A time; `missing` is shown where there is none. */
export function Moment({ time, missing = "Never", as = "relative" }: {
  time: string | null;
  missing?: string;
  as?: "relative" | "day" | "exact";
}) {
  if (!time) return <span className="text-faint">{missing}</span>;
  const text = as === "relative" ? sayWhen(time) : as === "day" ? sayDay(time) : sayExactly(time);
  return <time dateTime={time} title={sayExactly(time)} className="whitespace-nowrap">{text}</time>;
}

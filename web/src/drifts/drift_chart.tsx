/** Drifts over the last days, a bar a day, by severity. */
import { scaleBand, scaleLinear } from "@visx/scale";
import { BarStack } from "@visx/shape";
import { SEVERITIES, type Severity } from "../ui/severity.tsx";

/** How many drifts of each severity one day brought. */
export type Day = { date: string } & Record<Severity, number>;

const WIDTH = 600;
const HEIGHT = 96;
const DAY_MS = 86_400_000;
/** From the bottom of the bar upwards. */
const ORDER = [...SEVERITIES].reverse();
const FILLS = {
  critical: "fill-critical-fill",
  high: "fill-high-fill",
  medium: "fill-medium-fill",
  low: "fill-low-fill",
};

/**
 * Counts drifts by day.
 * @param drifts in any order
 * @param days how many days, today the last
 */
export function countByDay(
  drifts: readonly { detected_at: string; severity: Severity }[],
  days: number,
  now: number = Date.now(),
): Day[] {
  const empty = { critical: 0, high: 0, medium: 0, low: 0 };
  const counted = new Map<string, Day>();
  for (let back = days - 1; back >= 0; back--) {
    const date = dayOf(now - back * DAY_MS);
    counted.set(date, { date, ...empty });
  }
  for (const { detected_at, severity } of drifts) {
    const day = counted.get(dayOf(Date.parse(detected_at)));
    if (day) day[severity] += 1;
  }
  return [...counted.values()];
}

/** The day of a time in the reader's zone, as `2026-11-24`. */
function dayOf(time: number): string {
  const at = new Date(time);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** The chart. Screen readers get its sum in one sentence. */
export function DriftChart({ days }: { days: readonly Day[] }) {
  const sums = days.map((day) => ORDER.reduce((sum, severity) => sum + day[severity], 0));
  const highest = Math.max(4, ...sums);
  const total = sums.reduce((sum, value) => sum + value, 0);
  const x = scaleBand({ domain: days.map((day) => day.date), range: [0, WIDTH], padding: 0.28 });
  const y = scaleLinear({ domain: [0, highest], range: [HEIGHT, 2] });
  const label = `${total} drifts detected in the last ${days.length} days`;
  return (
    <figure className="grid h-full content-end gap-1.5">
      <svg
        role="img"
        aria-label={label}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="h-18 w-full overflow-visible"
      >
        {days.map((day) => (
          <rect
            key={day.date}
            x={x(day.date)}
            width={x.bandwidth()}
            y={HEIGHT - 2}
            height={2}
            className="fill-line"
          />
        ))}
        <BarStack<Day, Severity>
          data={[...days]}
          keys={ORDER}
          x={(day) => day.date}
          xScale={x}
          yScale={y}
          color={(severity) => severity}
        >
          {(stacks) =>
            stacks.flatMap((stack) =>
              stack.bars.filter((bar) => bar.height > 0).map((bar) => (
                <rect
                  key={`${stack.key}-${bar.index}`}
                  x={bar.x}
                  y={bar.y}
                  width={bar.width}
                  height={bar.height}
                  className={FILLS[stack.key]}
                >
                  <title>{`${bar.bar.data[stack.key]} ${stack.key} on ${bar.bar.data.date}`}</title>
                </rect>
              ))
            )}
        </BarStack>
      </svg>
      <figcaption className="flex justify-between text-xs text-faint" aria-hidden>
        <span>{days.length} days ago</span>
        <span>Today</span>
      </figcaption>
    </figure>
  );
}

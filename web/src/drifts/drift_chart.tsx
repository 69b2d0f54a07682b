/** Drifts over the last days, a bar a day, by severity. */
import { scaleBand, scaleLinear } from "@visx/scale";
import { BarStack } from "@visx/shape";
import { sayCount, sayNumber } from "../ui/numbers.ts";
import { SEVERITIES, type Severity } from "../ui/severity.tsx";

/** How many drifts of each severity one day brought. */
export type Day = { date: string } & Record<Severity, number>;

const WIDTH = 600;
const HEIGHT = 96;
/** From the bottom of the bar upwards. */
const ORDER = [...SEVERITIES].reverse();
const FILLS = {
  critical: "fill-critical-fill",
  high: "fill-high-fill",
  medium: "fill-medium-fill",
  low: "fill-low-fill",
};

const NONE = { critical: 0, high: 0, medium: 0, low: 0 };

/** The chart. @param only the one severity that is shown; all without it. Screen readers get its sum in one sentence. */
export function DriftChart({ days: all, only }: { days: readonly Day[]; only?: Severity }) {
  const days = only ? all.map((day) => ({ ...NONE, date: day.date, [only]: day[only] })) : all;
  const sums = days.map((day) => ORDER.reduce((sum, severity) => sum + day[severity], 0));
  const highest = Math.max(4, ...sums);
  const total = sums.reduce((sum, value) => sum + value, 0);
  const x = scaleBand({ domain: days.map((day) => day.date), range: [0, WIDTH], padding: 0.28 });
  const y = scaleLinear({ domain: [0, highest], range: [HEIGHT, 2] });
  const label = `${sayCount(total, "drift")} detected in the last ${days.length} days`;
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
                  <title>
                    {`${sayNumber(bar.bar.data[stack.key])} ${stack.key} on ${bar.bar.data.date}`}
                  </title>
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

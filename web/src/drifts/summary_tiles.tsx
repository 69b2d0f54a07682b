/** How many drifts there are of each severity; a tile is a filter too. */
import type { DriftSummary } from "../../../shared/contracts/drifts.ts";
import { classNames } from "../ui/class_names.ts";
import { Skeleton } from "../ui/feedback.tsx";
import { capital } from "../ui/filter_bar.tsx";
import { sayNumber } from "../ui/numbers.ts";
import { SEVERITIES, type Severity } from "../ui/severity.tsx";

const DOTS = {
  critical: "bg-critical-fill",
  high: "bg-high-fill",
  medium: "bg-medium-fill",
  low: "bg-low-fill",
};

/** The tiles. @param severity the filter in force */
export function SummaryTiles({ counts, isBroken, severity, onSeverity }: {
  counts: DriftSummary["by_severity"] | undefined;
  isBroken: boolean;
  severity: Severity | undefined;
  onSeverity: (severity: Severity | undefined) => void;
}) {
  return (
    <div
      role="group"
      aria-label="Drifts by severity"
      className="grid grid-cols-2 gap-3 sm:grid-cols-4 lg:gap-4"
    >
      {SEVERITIES.map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={severity === one}
          onClick={() => onSeverity(severity === one ? undefined : one)}
          className={classNames(
            "grid content-between gap-3 rounded-lg border bg-surface p-4 text-left shadow-card transition-colors hover:bg-hover",
            severity === one && "border-accent bg-accent-soft",
          )}
        >
          <span className="flex items-center gap-2 text-[13px] text-muted">
            <span aria-hidden className={classNames("size-2 rounded-full", DOTS[one])} />
            {capital(one)}
          </span>
          <span className="h-8 text-2xl font-semibold tracking-tight tabular-nums">
            {counts ? sayNumber(counts[one]) : isBroken ? "–" : <Skeleton className="h-7 w-8" />}
          </span>
        </button>
      ))}
    </div>
  );
}

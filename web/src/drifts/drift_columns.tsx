/** The columns of a list of drifts. */
import { Link } from "@tanstack/react-router";
import type { Drift } from "../../../shared/contracts/drifts.ts";
import { capital } from "../ui/filter_bar.tsx";
import { Moment } from "../ui/moment.tsx";
import { useNarrow } from "../ui/narrow.ts";
import { DriftStatusBadge, SeverityBadge } from "../ui/severity.tsx";
import type { Column } from "../ui/table.tsx";

export const DRIFT_COLUMNS: Column<Drift>[] = [
  {
    heading: "Severity",
    from: "md",
    className: "w-30",
    cell: ({ severity }) => <SeverityBadge severity={severity} />,
  },
  {
    heading: "Drift",
    cell: (drift) => <What drift={drift} />,
  },
  {
    heading: "Type",
    from: "lg",
    className: "w-34",
    cell: ({ drift_type }) => <span className="text-muted">{capital(drift_type)}</span>,
  },
  {
    heading: "Status",
    from: "md",
    className: "w-32",
    cell: ({ status }) => <DriftStatusBadge status={status} />,
  },
  {
    heading: "Detected",
    from: "md",
    className: "w-30",
    cell: ({ detected_at }) => <Moment time={detected_at} />,
  },
];

/** What drifted where; on narrow screens with all that else has columns of its own. */
function What({ drift }: { drift: Drift }) {
  const narrow = useNarrow();
  return (
    <span className="grid min-w-0 gap-0.5">
      <Link
        to="/drifts/$id"
        params={{ id: String(drift.id) }}
        className="line-clamp-2 font-medium break-words underline-offset-4 hover:underline sm:truncate"
      >
        {drift.summary}
      </Link>
      <span className="truncate text-xs text-muted">
        <bdi>{drift.resource_name}</bdi> <span className="font-mono text-faint">{drift.resource_type}</span>
      </span>
      {narrow && (
        <span className="mt-1 flex flex-wrap items-center gap-2 text-xs text-muted">
          <SeverityBadge severity={drift.severity} />
          <span>{capital(drift.status)}</span>
          <Moment time={drift.detected_at} />
        </span>
      )}
    </span>
  );
}

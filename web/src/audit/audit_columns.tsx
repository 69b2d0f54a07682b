/** The columns of the audit log. */
import type { AuditEvent } from "../../../shared/contracts/audit.ts";
import { Moment } from "../ui/moment.tsx";
import { useNarrow } from "../ui/narrow.ts";
import type { Column } from "../ui/table.tsx";
import { changesOf, sayEvent } from "./say_event.ts";

export const AUDIT_COLUMNS: Column<AuditEvent>[] = [
  { heading: "Event", cell: (event) => <What event={event} /> },
  {
    heading: "From",
    from: "lg",
    className: "w-40",
    cell: ({ address }) => (
      <span className="block truncate font-mono text-xs text-muted">{address ?? "—"}</span>
    ),
  },
  {
    heading: "When",
    from: "md",
    className: "w-28",
    cell: ({ occurred_at }) => <Moment time={occurred_at} />,
  },
];

function What({ event }: { event: AuditEvent }) {
  const narrow = useNarrow();
  return (
    <span className="grid min-w-0 gap-0.5">
      <bdi className="font-medium break-words">{sayEvent(event)}</bdi>
      <Changes event={event} />
      <span className="truncate text-xs text-muted" title={event.actor_email ?? undefined}>
        <bdi>{event.actor_email ?? "The system"}</bdi>
        {event.credential_type === "api_key" && ` with key ${event.credential_id}_…`}
        {narrow && (
          <>
            {" · "}
            <Moment time={event.occurred_at} />
          </>
        )}
      </span>
    </span>
  );
}

/** What became what. */
export function Changes({ event }: { event: AuditEvent }) {
  return changesOf(event).map(({ what, from, to }) => (
    <span key={what} className="text-xs break-words text-muted">
      {what}: <bdi>{from}</bdi> <span aria-hidden>→</span>
      <span className="sr-only">became</span> <bdi className="text-ink">{to}</bdi>
    </span>
  ));
}

/** The columns of the audit log. */
import type { AuditEvent } from "../../../shared/contracts/audit.ts";
import { Code } from "../ui/badge.tsx";
import { Moment } from "../ui/moment.tsx";
import type { Column } from "../ui/table.tsx";

export const AUDIT_COLUMNS: Column<AuditEvent>[] = [
  {
    heading: "Action",
    cell: (event) => (
      <span className="grid min-w-0 gap-1">
        <span className="flex min-w-0 items-center gap-2">
          <span className="shrink-0 font-medium">{sayAction(event.action)}</span>
          {event.target_type && <Code className="truncate max-sm:hidden">{sayTarget(event)}</Code>}
        </span>
        <span className="truncate text-xs text-muted" title={event.actor_email ?? undefined}>
          {event.target_type && <span className="sm:hidden">{`${sayTarget(event)} · `}</span>}
          {event.actor_email ?? "The system"}
          {event.credential_type === "api_key" && ` with key ${event.credential_id}`}
        </span>
      </span>
    ),
  },
  {
    heading: "From",
    from: "md",
    className: "w-44",
    cell: (event) => (
      <span className="block max-w-44 truncate" title={event.user_agent ?? undefined}>
        <span className="font-mono text-xs text-muted">{event.address ?? "—"}</span>
      </span>
    ),
  },
  {
    heading: "Request",
    from: "xl",
    className: "w-36",
    cell: ({ request_id }) => (
      <span className="block max-w-28 truncate font-mono text-xs text-faint" title={request_id ?? undefined}>
        {request_id ?? "—"}
      </span>
    ),
  },
  { heading: "When", className: "w-28", cell: ({ occurred_at }) => <Moment time={occurred_at} /> },
];

/** `API key created` of `api_key.created`. */
export function sayAction(action: string): string {
  const words = action.replace(/[._]/g, " ").replace(/^api key/, "API key");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function sayTarget({ target_type, target_id, details }: AuditEvent): string {
  if (typeof details.name === "string") return details.name;
  return target_id ? `${target_type} ${target_id}` : String(target_type);
}

/** What the audit log knows of a key: what was done to it, and what was done or refused with it. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ApiKey } from "../../../shared/contracts/api_keys.ts";
import { listAuditEvents } from "../../../shared/contracts/audit.ts";
import { useServices } from "../app/services.ts";
import { AUDIT_COLUMNS } from "../audit/audit_columns.tsx";
import { ErrorState, faultOf } from "../ui/feedback.tsx";
import { Card } from "../ui/page.tsx";
import { Table } from "../ui/table.tsx";

const SHOWN = 8;

/** Three short lists, each with the way to all of it. */
export function KeyEvents({ apiKey }: { apiKey: ApiKey }) {
  return (
    <>
      <Events
        title="Refused with this key"
        empty="Nothing was refused."
        filter={{ credential: apiKey.prefix, action: "access" }}
      />
      <Events
        title="Done with this key"
        empty="Nothing in the audit log was done with this key. Reading leaves no event."
        filter={{ credential: apiKey.prefix }}
      />
      <Events
        title="Done to this key"
        empty="Nothing was done to this key since the log began."
        filter={{ target: `api_key:${apiKey.id}` }}
      />
    </>
  );
}

function Events({ title, empty, filter }: {
  title: string;
  empty: string;
  filter: { credential?: string; target?: string; action?: string };
}) {
  const { api } = useServices();
  const events = useQuery({
    queryKey: ["audit", filter, "short"],
    queryFn: ({ signal }) => api.call(listAuditEvents, { query: { ...filter, per_page: SHOWN } }, { signal }),
  });
  const fault = faultOf(events);
  return (
    <Card
      title={title}
      aside={
        <Link
          to="/settings/audit-log"
          search={filter}
          className="text-[13px] font-medium text-accent underline-offset-4 hover:underline"
        >
          See all
        </Link>
      }
    >
      {fault
        ? <ErrorState error={fault} onRetry={() => events.refetch()} />
        : events.data?.data.length === 0
        ? <p className="px-4 py-6 text-center text-[13px] text-muted">{empty}</p>
        : <Table label={title} columns={AUDIT_COLUMNS} rows={events.data?.data} expected={2} />}
    </Card>
  );
}

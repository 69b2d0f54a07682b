/** Settings → Audit log: who did what with which credential. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { ScrollText } from "lucide-react";
import { Suspense, useCallback, useState } from "react";
import { type AuditEvent, listAuditEvents } from "../../../shared/contracts/audit.ts";
import { late } from "../app/late.ts";
import type { AuditSearch } from "../app/search.ts";
import { useServices } from "../app/services.ts";
import { EmptyState } from "../ui/feedback.tsx";
import { FilterBar, FilterChoice, FilterText } from "../ui/filter_bar.tsx";
import { Card, Page } from "../ui/page.tsx";
import { PagedList } from "../ui/paged_list.tsx";
import { Table } from "../ui/table.tsx";
import { AUDIT_COLUMNS } from "./audit_columns.tsx";
import { ExportMenu } from "./export_menu.tsx";
import { sayAction } from "./say_event.ts";
import { VerifyButton } from "./verify_button.tsx";

const EventDialog = late(() => import("./event_dialog.tsx").then((m) => m.EventDialog));

/** Groups of actions; a link may bring a single one along. */
const GROUPS = [
  { value: "session", label: "Sign-ins" },
  { value: "api_key", label: "API keys" },
  { value: "invite", label: "Invitations" },
  { value: "team", label: "Team" },
  { value: "organization", label: "Organization" },
  { value: "access", label: "Refusals" },
];
const SPANS = [
  { value: "1", label: "Last day" },
  { value: "7", label: "Last 7 days" },
  { value: "30", label: "Last 30 days" },
  { value: "90", label: "Last 90 days" },
];
const DAY_MS = 86_400_000;

/** The view of the audit log. */
export function AuditLogPage() {
  const { api } = useServices();
  const search = useSearch({ from: "/app/settings/audit-log" });
  const navigate = useNavigate({ from: "/settings/audit-log" });
  const { days, page: _, ...rest } = search;
  const [shown, setShown] = useState<AuditEvent>();
  const events = useQuery({
    queryKey: ["audit", search],
    queryFn: ({ signal }) => {
      return api.call(listAuditEvents, { query: { ...rest, page: search.page, from: fromOf(days) } }, {
        signal,
      });
    },
    placeholderData: keepPreviousData,
  });
  const filter = useCallback(
    (change: AuditSearch) => navigate({ search: (old) => ({ ...old, page: undefined, ...change }) }),
    [navigate],
  );
  const filterActor = useCallback((actor: string | undefined) => filter({ actor }), [filter]);
  return (
    <Page
      title="Audit log"
      description="Nothing in it can be changed: each event carries the hash of the one before."
      actions={
        <>
          <VerifyButton />
          <ExportMenu query={{ ...rest, from: fromOf(days) }} />
        </>
      }
    >
      <Card>
        <FilterBar>
          <FilterText label="Person" value={search.actor} onChange={filterActor} />
          <FilterChoice
            label="Action"
            all="All actions"
            value={search.action}
            options={groupsWith(search.action)}
            onChange={(action) => filter({ action })}
          />
          <FilterChoice
            label="Time"
            all="Any time"
            value={days && String(days)}
            options={SPANS}
            onChange={(span) => filter({ days: span ? Number(span) as AuditSearch["days"] : undefined })}
          />
        </FilterBar>
        <PagedList
          list={events}
          onPage={(page) => navigate({ search: (old) => ({ ...old, page }) })}
          empty={
            <EmptyState icon={<ScrollText />} title="No event matches">
              Change the filters to see more.
            </EmptyState>
          }
        >
          {(rows) => (
            <Table label="Audit log" columns={AUDIT_COLUMNS} rows={rows} expected={12} onOpen={setShown} />
          )}
        </PagedList>
      </Card>
      <Suspense>{shown && <EventDialog event={shown} onClose={() => setShown(undefined)} />}</Suspense>
    </Page>
  );
}

function fromOf(days: number | undefined): string | undefined {
  return days ? new Date(Date.now() - days * DAY_MS).toISOString() : undefined;
}

/** The groups, and the single action that a link may have brought along. */
function groupsWith(action: string | undefined) {
  if (!action || GROUPS.some(({ value }) => value === action)) return GROUPS;
  return [...GROUPS, { value: action, label: sayAction(action) }];
}

/** Drifts: what changed where it should not have, as it happens. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { GitCompareArrows } from "lucide-react";
import { Suspense, useEffect } from "react";
import { listDrifts } from "../../../shared/contracts/drifts.ts";
import { type DriftSearch, isFiltered, toDriftQuery } from "../app/search.ts";
import { late } from "../app/late.ts";
import { useServices } from "../app/services.ts";
import { useCan } from "../session/use_session.ts";
import { useLive } from "../stream/live_context.ts";
import { EmptyState } from "../ui/feedback.tsx";
import { FilterBar, FilterChoice } from "../ui/filter_bar.tsx";
import { Card, Page } from "../ui/page.tsx";
import { PagedList } from "../ui/paged_list.tsx";
import { SEVERITIES } from "../ui/severity.tsx";
import { Table } from "../ui/table.tsx";
import { DetectButton } from "./detect_button.tsx";
import { DRIFT_COLUMNS } from "./drift_columns.tsx";
import { SummaryTiles } from "./summary_tiles.tsx";

const DriftHistory = late(() => import("./drift_history.tsx").then((m) => m.DriftHistory));

/** The view of the drifts. */
export function DriftsPage() {
  const { api } = useServices();
  const search = useSearch({ from: "/app/drifts" });
  const navigate = useNavigate({ from: "/drifts" });
  const may = useCan("drifts:write");
  const { fresh, unseen, markSeen } = useLive();
  useEffect(() => {
    if (unseen > 0) markSeen();
  }, [unseen, markSeen]);
  const drifts = useQuery({
    queryKey: ["drifts", search],
    queryFn: ({ signal }) => api.call(listDrifts, { query: toDriftQuery(search) }, { signal }),
    placeholderData: keepPreviousData,
  });
  const filter = (change: DriftSearch) =>
    navigate({ search: (old) => ({ ...old, page: undefined, ...change }) });
  const filtered = isFiltered(search);
  return (
    <Page
      title="Drifts"
      description="Where your infrastructure is no longer what its baseline says. New ones appear by themselves."
      actions={may && <DetectButton />}
    >
      <div className="grid gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <SummaryTiles
          severity={search.severity}
          onSeverity={(severity) => filter({ severity })}
        />
        <Card className="h-32 p-4">
          <Suspense>
            <DriftHistory />
          </Suspense>
        </Card>
      </div>
      <Card>
        <FilterBar>
          <FilterChoice
            label="Severity"
            all="Any severity"
            value={search.severity}
            options={SEVERITIES}
            onChange={(severity) => filter({ severity })}
          />
          <FilterChoice
            label="Type"
            all="All types"
            value={search.type}
            options={["security", "compliance", "configuration"]}
            onChange={(type) => filter({ type })}
          />
          <FilterChoice
            label="Status"
            all="Any status"
            value={search.status}
            options={["detected", "investigating", "resolved"]}
            onChange={(status) => filter({ status })}
          />
        </FilterBar>
        <PagedList
          list={drifts}
          onPage={(page) => navigate({ search: (old) => ({ ...old, page }) })}
          empty={
            <EmptyState icon={<GitCompareArrows />} title={filtered ? "No drift matches" : "No drift"}>
              {filtered
                ? "Change the filters to see more."
                : "Everything is as its baseline says. When that changes, you see it here."}
            </EmptyState>
          }
        >
          {(rows) => (
            <Table
              label="Drifts"
              columns={DRIFT_COLUMNS}
              rows={rows}
              expected={5}
              tall
              fresh={fresh}
              dim={({ status }) => status === "resolved"}
            />
          )}
        </PagedList>
      </Card>
    </Page>
  );
}

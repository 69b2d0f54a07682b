/** Drifts: what changed where it should not have, as it happens. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Suspense, useCallback, useEffect, useRef } from "react";
import { listDrifts } from "../../../shared/contracts/drifts.ts";
import { listResources } from "../../../shared/contracts/resources.ts";
import { type DriftSearch, isFiltered, toDriftQuery } from "../app/search.ts";
import { useServices } from "../app/services.ts";
import { late } from "../app/late.ts";
import { useCan } from "../session/use_session.ts";
import { Card, Page } from "../ui/page.tsx";
import { DetectButton } from "./detect_button.tsx";
import { DriftFilters } from "./drift_filters.tsx";
import { IgnoredNote } from "./ignored_note.tsx";
import { DriftList } from "./drift_list.tsx";
import { SummaryTiles } from "./summary_tiles.tsx";
import { useSummary } from "./use_summary.ts";

const DriftChart = late(() => import("./drift_chart.tsx").then((m) => m.DriftChart));
const FirstSteps = late(() => import("../start/first_steps.tsx").then((m) => m.FirstSteps));

/** The view of the drifts. */
export function DriftsPage() {
  const { api } = useServices();
  const search = useSearch({ from: "/app/drifts" });
  const navigate = useNavigate({ from: "/drifts" });
  const may = useCan("drifts:write");
  const searchField = useRef<HTMLInputElement>(null);
  const drifts = useQuery({
    queryKey: ["drifts", search],
    queryFn: ({ signal }) => api.call(listDrifts, { query: toDriftQuery(search) }, { signal }),
    placeholderData: keepPreviousData,
  });
  const summary = useSummary(search);
  const isNew = useIsNew(summary.data?.total === 0 && !isFiltered(search));
  const filter = useCallback(
    (change: DriftSearch) => navigate({ search: (old) => ({ ...old, page: undefined, ...change }) }),
    [navigate],
  );
  return (
    <Page
      title="Drifts"
      description="Changes from your baseline, updated live."
      actions={may && <DetectButton />}
    >
      {isNew
        ? (
          <Suspense>
            <FirstSteps />
          </Suspense>
        )
        : (
          <>
            <div className="grid gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
              <SummaryTiles
                counts={summary.data?.by_severity}
                isBroken={summary.isError}
                severity={search.severity}
                onSeverity={(severity) => filter({ severity })}
              />
              <Card className="h-32 p-4">
                <Suspense>
                  {summary.data?.by_day && <DriftChart days={summary.data.by_day} only={search.severity} />}
                </Suspense>
              </Card>
            </div>
            <Card className="overflow-visible">
              <DriftFilters search={search} onFilter={filter} searchField={searchField} />
              <IgnoredNote ignored={summary.data?.ignored} search={search} onFilter={filter} />
              <DriftList
                search={search}
                drifts={drifts}
                may={may}
                onPage={(page) => navigate({ search: (old) => ({ ...old, page }) })}
                onSearch={() => searchField.current?.focus()}
              />
            </Card>
          </>
        )}
    </Page>
  );
}

/** Whether the organization has no resource at all; asked only where there is no drift either. */
function useIsNew(isEmpty: boolean): boolean {
  const { api } = useServices();
  const wasNew = useRef(false);
  const resources = useQuery({
    queryKey: ["resources", "any"],
    queryFn: ({ signal }) => api.call(listResources, { query: { per_page: 1 } }, { signal }),
    enabled: isEmpty,
  });
  const isNew = isEmpty && resources.data?.meta.total === 0;
  useEffect(() => {
    if (isNew) wasNew.current = true;
  }, [isNew]);
  // The steps stay until the last one is ticked off.
  return isNew || (isEmpty && wasNew.current);
}

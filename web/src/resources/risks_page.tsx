/** Risks: what is dangerous in the resources as they were last captured, a page of resources at a time. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { ShieldCheck } from "lucide-react";
import { useCallback } from "react";
import { listRisks, type RisksOfResource } from "../../../shared/contracts/risks.ts";
import type { RiskSearch } from "../app/search.ts";
import { useServices } from "../app/services.ts";
import { EmptyState } from "../ui/feedback.tsx";
import { FilterBar, FilterChoice, FilterText } from "../ui/filter_bar.tsx";
import { sayCount, sayNumber } from "../ui/numbers.ts";
import { Card, Page } from "../ui/page.tsx";
import { PagedList } from "../ui/paged_list.tsx";
import { SEVERITIES } from "../ui/severity.tsx";
import { ResourceTabs } from "./resource_tabs.tsx";
import { RiskList } from "./risk_list.tsx";

/** Judged when they are asked for: as many as one answer holds. */
const PER_PAGE = 100;

/** The view. */
export function RisksPage() {
  const { api } = useServices();
  const search = useSearch({ from: "/app/resources/risks" });
  const navigate = useNavigate({ from: "/resources/risks" });
  const risks = useQuery({
    queryKey: ["resources", "risks", search],
    queryFn: ({ signal }) => api.call(listRisks, { query: { ...search, per_page: PER_PAGE } }, { signal }),
    placeholderData: keepPreviousData,
  });
  const filter = useCallback(
    (change: RiskSearch) => navigate({ search: (old) => ({ ...old, page: undefined, ...change }) }),
    [navigate],
  );
  const filterText = useCallback((q: string | undefined) => filter({ q }), [filter]);
  return (
    <Page title="Risks" description="Settings that are dangerous by themselves, whatever the baseline says.">
      <ResourceTabs />
      <Card>
        <FilterBar>
          <FilterText label="Search resources" value={search.q} onChange={filterText} />
          <FilterChoice
            label="Severity"
            all="Any severity"
            value={search.severity}
            options={SEVERITIES}
            onChange={(severity) =>
              filter({ severity })}
          />
        </FilterBar>
        <PagedList
          list={risks}
          onPage={(page) =>
            navigate({ search: (old) => ({ ...old, page }) })}
          empty={
            <EmptyState icon={<ShieldCheck />} title={search.q ? "No resource matches" : "No resources yet"}>
              Risks are found in the resources that you import.
            </EmptyState>
          }
        >
          {(rows) => rows ? <Resources rows={rows} /> : <div className="h-80" aria-busy />}
        </PagedList>
      </Card>
    </Page>
  );
}

function Resources({ rows }: { rows: readonly RisksOfResource[] }) {
  const risky = rows.filter(({ risks }) => risks.length > 0);
  const found = risky.reduce((sum, { risks }) => sum + risks.length, 0);
  return (
    <>
      <p role="status" className="border-b px-4 py-2.5 text-[13px] text-muted">
        {found === 0
          ? `Nothing dangerous in these ${sayCount(rows.length, "resource")}.`
          : `${sayCount(found, "risk")} in ${sayNumber(risky.length)} of these ${
            sayCount(rows.length, "resource")
          }.`}
      </p>
      <div className="divide-y">
        {risky.map(({ resource_id, resource_name, resource_type, risks }) => (
          <section key={resource_id} className="min-w-0">
            <h2 className="flex flex-wrap items-baseline gap-x-2 bg-sunken px-4 py-2 text-[13px]">
              <Link
                to="/resources/$id"
                params={{ id: String(resource_id) }}
                className="min-w-0 font-medium break-words underline-offset-4 hover:underline"
              >
                <bdi>{resource_name}</bdi>
              </Link>
              <span className="font-mono text-xs font-normal break-all text-muted">{resource_type}</span>
            </h2>
            <RiskList risks={risks} label={`Risks of ${resource_name}`} />
          </section>
        ))}
      </div>
    </>
  );
}

/** Resources: the list with its filters, and the import of a state file. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Boxes, Upload } from "lucide-react";
import { Suspense, useCallback, useState } from "react";
import { listResources, type Resource, ResourceStatus } from "../../../shared/contracts/resources.ts";
import { isFiltered, type ResourceSearch } from "../app/search.ts";
import { late } from "../app/late.ts";
import { useServices } from "../app/services.ts";
import { useCan } from "../session/use_session.ts";
import { Badge } from "../ui/badge.tsx";
import { Button, buttonClass } from "../ui/button.tsx";
import { EmptyState } from "../ui/feedback.tsx";
import { capital, FilterBar, FilterChoice, FilterText } from "../ui/filter_bar.tsx";
import { Moment } from "../ui/moment.tsx";
import { Card, Page } from "../ui/page.tsx";
import { PagedList } from "../ui/paged_list.tsx";
import { type Column, Table } from "../ui/table.tsx";
import { ResourceTabs } from "./resource_tabs.tsx";
import { RESOURCE_TONES } from "./resource_tones.ts";

const ImportDialog = late(() => import("./import_dialog.tsx").then((m) => m.ImportDialog));

const PROVIDERS = [
  { value: "aws", label: "AWS" },
  { value: "google", label: "Google Cloud" },
  { value: "azurerm", label: "Azure" },
  { value: "kubernetes", label: "Kubernetes" },
];

/** The view of the resources. */
export function ResourcesPage() {
  const { api } = useServices();
  const search = useSearch({ from: "/app/resources" });
  const navigate = useNavigate({ from: "/resources" });
  const may = useCan("resources:write");
  const [importing, setImporting] = useState(false);
  const resources = useQuery({
    queryKey: ["resources", search],
    queryFn: ({ signal }) => api.call(listResources, { query: search }, { signal }),
    placeholderData: keepPreviousData,
  });
  const filter = useCallback(
    (change: ResourceSearch) => navigate({ search: (old) => ({ ...old, page: undefined, ...change }) }),
    [navigate],
  );
  const filterText = useCallback((q: string | undefined) => filter({ q }), [filter]);
  const filtered = isFiltered(search);
  const open = ({ id }: Resource) => navigate({ to: "/resources/$id", params: { id: String(id) } });
  return (
    <Page
      title="Resources"
      description="What your pipelines report, as it was last seen."
      actions={may && (
        <Button look="primary" icon={<Upload aria-hidden />} onClick={() => setImporting(true)}>
          Import
        </Button>
      )}
    >
      <ResourceTabs />
      <Card>
        <FilterBar>
          <FilterText label="Search resources" value={search.q} onChange={filterText} />
          <FilterChoice
            label="Provider"
            all="All providers"
            value={search.provider}
            options={PROVIDERS}
            onChange={(provider) => filter({ provider })}
          />
          {search.source && (
            <FilterChoice
              label="Source"
              all="All sources"
              value={search.source}
              options={[{ value: search.source, label: search.source }]}
              onChange={(source) => filter({ source })}
            />
          )}
          <FilterChoice
            label="Status"
            all="Any status"
            value={search.status}
            options={ResourceStatus.options}
            onChange={(status) => filter({ status })}
          />
        </FilterBar>
        <PagedList
          list={resources}
          onPage={(page) => navigate({ search: (old) => ({ ...old, page }) })}
          empty={
            <EmptyState icon={<Boxes />} title={filtered ? "No resource matches" : "No resources yet"}>
              <p>
                {filtered
                  ? "Change the filters to see more."
                  : "Import a Terraform state, or have your pipeline send one after each apply."}
              </p>
              {filtered
                ? <Link to="/resources" className={`${buttonClass()} mt-4`}>Clear the filters</Link>
                : may && <Button className="mt-4" onClick={() => setImporting(true)}>Import a file</Button>}
            </EmptyState>
          }
        >
          {(rows) => <Table label="Resources" columns={COLUMNS} rows={rows} expected={5} onOpen={open} />}
        </PagedList>
      </Card>
      <Suspense>{importing && <ImportDialog onClose={() => setImporting(false)} />}</Suspense>
    </Page>
  );
}

const COLUMNS: Column<Resource>[] = [
  {
    heading: "Name",
    cell: (resource) => (
      <span className="grid min-w-0 gap-0.5">
        <Link
          to="/resources/$id"
          params={{ id: String(resource.id) }}
          className="truncate font-medium underline-offset-4 hover:underline"
        >
          <bdi>{resource.name}</bdi>
        </Link>
        <span className="truncate font-mono text-xs text-faint">{resource.external_id}</span>
      </span>
    ),
  },
  {
    heading: "Type",
    from: "md",
    className: "w-56",
    cell: ({ resource_type }) => (
      <span className="block truncate font-mono text-xs text-muted" title={resource_type}>
        {resource_type}
      </span>
    ),
  },
  {
    heading: "Region",
    from: "lg",
    className: "w-32",
    cell: ({ region }) => <span className="whitespace-nowrap text-muted">{region ?? "—"}</span>,
  },
  {
    heading: "Status",
    className: "w-30",
    cell: ({ status }) => <Badge tone={RESOURCE_TONES[status]}>{capital(status)}</Badge>,
  },
  {
    heading: "Last seen",
    from: "md",
    className: "w-30",
    cell: ({ last_seen_at }) => <Moment time={last_seen_at} />,
  },
];

/** Resources by source: each state or pipeline that imports named, how much it has, and when it was last seen. */
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { FolderTree } from "lucide-react";
import {
  listResourceSources,
  MAX_SOURCES,
  type ResourceSource,
} from "../../../shared/contracts/resources.ts";
import { useServices } from "../app/services.ts";
import { Code } from "../ui/badge.tsx";
import { EmptyState, ErrorState, faultOf } from "../ui/feedback.tsx";
import { Moment } from "../ui/moment.tsx";
import { sayNumber } from "../ui/numbers.ts";
import { Card, Page } from "../ui/page.tsx";
import { type Column, Table } from "../ui/table.tsx";
import { ResourceTabs } from "./resource_tabs.tsx";

/** The view. */
export function SourcesPage() {
  const { api } = useServices();
  const navigate = useNavigate();
  const sources = useQuery({
    queryKey: ["resources", "sources"],
    queryFn: ({ signal }) => api.call(listResourceSources, {}, { signal }),
  });
  const fault = faultOf(sources);
  const rows = sources.data?.map((source) => ({ ...source, id: source.source }));
  return (
    <Page title="Resources" description="What your pipelines report, by the source that they name.">
      <ResourceTabs />
      <Card>
        {fault
          ? <ErrorState error={fault} onRetry={() => sources.refetch()} />
          : rows?.length === 0
          ? (
            <EmptyState icon={<FolderTree />} title="No source yet">
              Name one when you import, such as a workspace:{" "}
              <Code>infraudit import --source production</Code>. A raw Terraform state brings its own.
            </EmptyState>
          )
          : (
            <>
              <Table
                label="Sources"
                columns={COLUMNS}
                rows={rows}
                expected={3}
                onOpen={({ source }) => navigate({ to: "/resources", search: { source } })}
              />
              {rows?.length === MAX_SOURCES && (
                <p className="border-t px-4 py-2 text-xs text-muted">
                  The {sayNumber(MAX_SOURCES)} that were last seen; there may be more.
                </p>
              )}
            </>
          )}
      </Card>
    </Page>
  );
}

const COLUMNS: Column<ResourceSource & { id: string }>[] = [
  {
    heading: "Source",
    cell: ({ source }) => (
      <Link
        to="/resources"
        search={{ source }}
        className="block truncate font-medium underline-offset-4 hover:underline"
      >
        <bdi>{source}</bdi>
      </Link>
    ),
  },
  {
    heading: "Resources",
    className: "w-26 text-right",
    cell: ({ total }) => <span className="tabular-nums">{sayNumber(total)}</span>,
  },
  {
    heading: "Last seen",
    className: "w-30",
    cell: ({ last_seen_at }) => <Moment time={last_seen_at} />,
  },
];

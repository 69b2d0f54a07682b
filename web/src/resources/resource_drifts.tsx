/** One resource's drifts, past and present. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { listResourceDrifts } from "../../../shared/contracts/drifts.ts";
import { useServices } from "../app/services.ts";
import { DRIFT_COLUMNS } from "../drifts/drift_columns.tsx";
import { useLive } from "../stream/live_context.ts";
import { ErrorState, faultOf } from "../ui/feedback.tsx";
import { Card } from "../ui/page.tsx";
import { Pager } from "../ui/pager.tsx";
import { Table } from "../ui/table.tsx";

const PER_PAGE = 10;

/** The list, newest first. */
export function ResourceDrifts({ id }: { id: string }) {
  const { api } = useServices();
  const { fresh } = useLive();
  const [page, setPage] = useState(1);
  const drifts = useQuery({
    queryKey: ["drifts", "resource", id, page],
    queryFn: ({ signal }) =>
      api.call(listResourceDrifts, { params: { id }, query: { page, per_page: PER_PAGE } }, { signal }),
    placeholderData: keepPreviousData,
  });
  const fault = faultOf(drifts);
  return (
    <Card title="Drifts">
      {fault
        ? <ErrorState error={fault} onRetry={() => drifts.refetch()} />
        : drifts.data?.meta.total === 0
        ? <p className="px-4 py-6 text-center text-[13px] text-muted">It was always as its baseline says.</p>
        : (
          <>
            <Table
              label="Drifts"
              columns={DRIFT_COLUMNS}
              rows={drifts.data?.data}
              expected={1}
              tall
              fresh={fresh}
              dim={({ status }) => status === "resolved"}
            />
            {drifts.data && (drifts.data.meta.total ?? 0) > PER_PAGE && (
              <Pager meta={drifts.data.meta} onPage={setPage} />
            )}
          </>
        )}
    </Card>
  );
}

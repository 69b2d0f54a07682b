/** A list page by page: its rows, or what stands in their place. */
import type { UseQueryResult } from "@tanstack/react-query";
import { FileQuestion } from "lucide-react";
import type { ReactNode } from "react";
import type { PageMeta } from "../../../shared/contracts/paging.ts";
import { Button } from "./button.tsx";
import { EmptyState, ErrorState, faultOf } from "./feedback.tsx";
import { Pager } from "./pager.tsx";

/**
 * The rows and the way to other pages.
 * @param empty when there are none at all
 * @param onPage absent means the first, which has no number in the address
 * @param children draws the rows, which are absent while they load
 */
export function PagedList<Row>({ list, empty, onPage, children }: {
  list: UseQueryResult<{ data: Row[]; meta: PageMeta }>;
  empty: ReactNode;
  onPage: (page: number | undefined) => void;
  children: (rows: Row[] | undefined) => ReactNode;
}) {
  const { data, meta } = list.data ?? {};
  const fault = faultOf(list);
  if (fault) return <ErrorState error={fault} onRetry={() => list.refetch()} />;
  if (meta?.total === 0) return empty;
  if (data?.length === 0) {
    return (
      <EmptyState icon={<FileQuestion />} title="Nothing on this page">
        <p>The list ends before it.</p>
        <Button className="mt-4" onClick={() => onPage(undefined)}>Go to the first page</Button>
      </EmptyState>
    );
  }
  return (
    <>
      {children(data)}
      <Pager meta={meta} onPage={(page) => onPage(page > 1 ? page : undefined)} />
    </>
  );
}

/** The list of drifts: live while you're not reading it, with keyboard and bulk actions. */
import type { UseQueryResult } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { ArrowUp, GitCompareArrows } from "lucide-react";
import { Suspense, useEffect, useMemo, useState } from "react";
import type { Drift } from "../../../shared/contracts/drifts.ts";
import type { PageMeta } from "../../../shared/contracts/paging.ts";
import { late } from "../app/late.ts";
import { type DriftSearch, isFiltered } from "../app/search.ts";
import { useLive } from "../stream/live_context.ts";
import { buttonClass } from "../ui/button.tsx";
import { EmptyState } from "../ui/feedback.tsx";
import { capital } from "../ui/filter_bar.tsx";
import { sayNumber } from "../ui/numbers.ts";
import { PagedList } from "../ui/paged_list.tsx";
import { Table } from "../ui/table.tsx";
import { BulkBar, useBulk } from "./bulk_bar.tsx";
import { DRIFT_COLUMNS } from "./drift_columns.tsx";
import { useListCursor } from "./use_list_cursor.ts";
import { useIsScrolled } from "./use_is_scrolled.ts";

const BulkResolve = late(() => import("./bulk_resolve_dialog.tsx").then((m) => m.BulkResolveDialog));

const GROUPS: Record<NonNullable<DriftSearch["group"]>, (drift: Drift) => string> = {
  resource: ({ resource_name }) => resource_name,
  type: ({ resource_type }) => resource_type,
  severity: ({ severity }) => capital(severity),
};

/** The rows with what surrounds them. */
export function DriftList({ search, drifts, may, onPage, onSearch }: {
  search: DriftSearch;
  drifts: UseQueryResult<{ data: Drift[]; meta: PageMeta }>;
  /** Whether changing drifts is offered. */
  may: boolean;
  onPage: (page: number | undefined) => void;
  onSearch: () => void;
}) {
  const navigate = useNavigate();
  const { fresh } = useLive();
  const bulk = useBulk();
  const [resolving, setResolving] = useState<number[]>();
  const rows = useMemo(() => grouped(drifts.data?.data, search.group), [drifts.data, search.group]);
  const ids = useMemo(() => rows?.map(({ id }) => id) ?? [], [rows]);
  const open = (id: number) => navigate({ to: "/drifts/$id", params: { id: String(id) } });
  const { current, chosen, toggle, choose } = useListCursor(ids, {
    onOpen: open,
    onAct: (ids) => may && setResolving(ids),
    onSearch,
  });
  const isRead = useIsScrolled() || chosen.size > 0 || current !== undefined || (search.page ?? 1) > 1;
  return (
    <>
      <Newcomers isRead={isRead} onShow={() => drifts.refetch()} />
      <PagedList
        list={drifts}
        onPage={onPage}
        empty={<Nothing search={search} />}
      >
        {() => (
          <Table
            label="Drifts"
            columns={DRIFT_COLUMNS}
            rows={rows}
            tall
            fresh={fresh}
            dim={({ status }) => status === "resolved"}
            groupOf={search.group && GROUPS[search.group]}
            onOpen={({ id }) => open(id)}
            current={current}
            selection={may
              ? {
                chosen,
                nameOf: ({ summary, resource_name }) => `${summary} in ${resource_name}`,
                onToggle: (id) => toggle(Number(id)),
                onAll: (ids) => choose(ids.map(Number)),
              }
              : undefined}
          />
        )}
      </PagedList>
      <BulkBar
        chosen={chosen}
        bulk={bulk}
        onResolve={() => setResolving([...chosen])}
        onClear={() => choose([])}
      />
      <p className="border-t px-4 py-2 text-xs text-faint max-md:hidden print:hidden">
        <kbd>j</kbd> <kbd>k</kbd> move · <kbd>Enter</kbd> open · <kbd>x</kbd> select · <kbd>e</kbd> resolve ·
        {" "}
        <kbd>/</kbd> search
      </p>
      <Suspense>
        {resolving && (
          <BulkResolve
            ids={resolving}
            bulk={bulk}
            onDone={() => {
              setResolving(undefined);
              choose([]);
            }}
            onClose={() => setResolving(undefined)}
          />
        )}
      </Suspense>
    </>
  );
}

/** Rows of one group beside each other, each group where its first row is. */
function grouped(rows: Drift[] | undefined, group: DriftSearch["group"]): Drift[] | undefined {
  if (!rows || !group) return rows;
  return [...Map.groupBy(rows, GROUPS[group]).values()].flat();
}

/** While somebody reads, what arrives waits behind a button instead of moving the rows. */
function Newcomers({ isRead, onShow }: { isRead: boolean; onShow: () => void }) {
  const { unseen, markSeen, hold } = useLive();
  useEffect(() => {
    hold(isRead);
    return () => hold(false);
  }, [hold, isRead]);
  useEffect(() => {
    if (!isRead && unseen > 0) markSeen();
  }, [isRead, unseen, markSeen]);
  const show = () => {
    markSeen();
    scrollTo({ top: 0 });
    onShow();
  };
  return (
    <div role="status" className="sticky top-2 z-10 flex h-0 justify-center max-md:top-14">
      {isRead && unseen > 0 && (
        <button
          type="button"
          onClick={show}
          className="mt-2 inline-flex h-8 items-center gap-1.5 rounded-full bg-accent px-3 text-[13px] font-medium text-surface shadow-pop"
        >
          <ArrowUp aria-hidden className="size-4" />
          {sayNumber(unseen)} new
        </button>
      )}
    </div>
  );
}

function Nothing({ search }: { search: DriftSearch }) {
  const filtered = isFiltered(search);
  return (
    <EmptyState icon={<GitCompareArrows />} title={filtered ? "No drift matches" : "No open drift"}>
      <p>
        {filtered
          ? "Change the filters to see more."
          : "Everything is as its baseline says. When that changes, you see it here."}
      </p>
      <p className="mt-4 flex justify-center gap-2">
        {filtered ? <Link to="/drifts" className={buttonClass()}>Clear the filters</Link> : (
          <>
            <Link to="/drifts" search={{ status: "resolved" }} className={buttonClass()}>
              See resolved drifts
            </Link>
            <Link to="/resources" className={buttonClass()}>See resources</Link>
          </>
        )}
      </p>
    </EmptyState>
  );
}

/** Steps through the pages of a list. */
import { ChevronLeft, ChevronRight } from "lucide-react";
import { Button } from "./button.tsx";
import { sayNumber } from "./numbers.ts";
import type { PageMeta } from "../../../shared/contracts/paging.ts";

/** Which rows are shown, and the pages before and after. */
export function Pager({ meta, onPage }: { meta: PageMeta | undefined; onPage: (page: number) => void }) {
  if (!meta) return <div className="h-12 border-t" />;
  const total = meta.total ?? 0;
  const first = total === 0 ? 0 : (meta.page - 1) * meta.per_page + 1;
  const last = Math.min(meta.page * meta.per_page, total);
  return (
    <nav
      aria-label="Pages"
      className="flex min-h-12 items-center justify-between gap-3 border-t px-4 text-[13px]"
    >
      <p className="text-muted tabular-nums" aria-live="polite">
        {sayNumber(first)}–{sayNumber(last)} of {sayNumber(total)}
      </p>
      <div className="flex gap-1">
        <Button
          size="sm"
          look="ghost"
          icon={<ChevronLeft aria-hidden />}
          disabled={meta.page <= 1}
          onClick={() => onPage(meta.page - 1)}
        >
          Previous
        </Button>
        <Button size="sm" look="ghost" disabled={last >= total} onClick={() => onPage(meta.page + 1)}>
          Next
          <ChevronRight aria-hidden />
        </Button>
      </div>
    </nav>
  );
}

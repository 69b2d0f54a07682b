/** How many drifts are left out because an ignore rule covers them, and the way to these. */
import type { DriftSearch } from "../app/search.ts";
import { Skeleton } from "../ui/feedback.tsx";
import { sayCount } from "../ui/numbers.ts";

const LINK = "font-medium text-accent underline-offset-4 hover:underline max-sm:py-1";

/** One line above the list; as tall while the number is not known, so that nothing below it moves. */
export function IgnoredNote({ ignored, search, onFilter }: {
  ignored: number | undefined;
  search: DriftSearch;
  onFilter: (change: DriftSearch) => void;
}) {
  return (
    <p className="flex min-h-9 flex-wrap items-center gap-x-2 border-b px-4 text-[13px] text-muted print:hidden">
      {search.ignored
        ? (
          <>
            Only what an ignore rule covers is listed.
            <button
              type="button"
              className={LINK}
              onClick={() => onFilter({ ignored: undefined })}
            >
              Show the others
            </button>
          </>
        )
        : ignored === undefined
        ? <Skeleton className="w-24" />
        : ignored === 0
        ? "None ignored"
        : (
          <>
            {sayCount(ignored, "drift")} ignored
            <button
              type="button"
              className={LINK}
              onClick={() => onFilter({ ignored: true })}
            >
              Show
            </button>
          </>
        )}
    </p>
  );
}

/** What can be done with several drifts at once. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Check, Eye, RotateCcw, X } from "lucide-react";
import { changeDrifts, type DriftStatus } from "../../../shared/contracts/drifts.ts";
import type { z } from "zod";
import { explainDeed } from "../api/explain.ts";
import { useServices } from "../app/services.ts";
import { Button } from "../ui/button.tsx";
import { sayCount } from "../ui/numbers.ts";
import { DRIFT_KEYS } from "./drift_keys.ts";

/** Moves drifts; afterwards says how many moved. */
export function useBulk() {
  const { api } = useServices();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { ids: number[]; status: z.infer<typeof DriftStatus>; note?: string }) =>
      api.call(changeDrifts, { body }),
    onSettled: () => DRIFT_KEYS.forEach((key) => queries.invalidateQueries({ queryKey: [key] })),
  });
}

/** The bar below the list, as long as something is ticked or was just done. */
export function BulkBar({ chosen, bulk, onResolve, onClear }: {
  chosen: ReadonlySet<number>;
  bulk: ReturnType<typeof useBulk>;
  onResolve: () => void;
  onClear: () => void;
}) {
  const ids = [...chosen];
  const move = (status: "investigating" | "detected") => bulk.mutate({ ids, status }, { onSuccess: onClear });
  return (
    <div className="sticky bottom-0 z-10 max-md:bottom-14 print:hidden">
      <div role="status" className="text-[13px]">
        {bulk.isError && (
          <p className="border-t bg-surface px-4 py-2 text-danger">{explainDeed(bulk.error)}</p>
        )}
        {bulk.data && ids.length === 0 && (
          <p className="border-t bg-surface px-4 py-2 text-muted">{sayOutcome(bulk.data)}</p>
        )}
      </div>
      {ids.length > 0 && (
        <div
          role="toolbar"
          aria-label="Selected drifts"
          className="flex flex-wrap items-center gap-2 border-t bg-raised px-4 py-2.5 shadow-pop"
        >
          <span className="mr-auto text-[13px] font-medium tabular-nums">{ids.length} selected</span>
          <Button
            size="sm"
            icon={<Eye aria-hidden />}
            busy={bulk.isPending}
            onClick={() => move("investigating")}
          >
            Investigate
          </Button>
          <Button
            size="sm"
            icon={<RotateCcw aria-hidden />}
            busy={bulk.isPending}
            onClick={() => move("detected")}
          >
            Reopen
          </Button>
          <Button
            size="sm"
            look="primary"
            icon={<Check aria-hidden />}
            busy={bulk.isPending}
            onClick={onResolve}
          >
            Resolve
          </Button>
          <Button size="sm" look="ghost" aria-label="Clear the selection" onClick={onClear}>
            <X aria-hidden />
          </Button>
        </div>
      )}
    </div>
  );
}

function sayOutcome({ changed, unchanged }: { changed: number[]; unchanged: number[] }): string {
  const moved = `${sayCount(changed.length, "drift")} changed.`;
  if (unchanged.length === 0) return moved;
  return `${moved} ${sayCount(unchanged.length, "drift")} stayed: already there, or can't go there.`;
}

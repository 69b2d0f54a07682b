/** What can be done about a drift: look into it, resolve it, accept what is there now, or take that back. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { BellOff, Check, Eye, RotateCcw } from "lucide-react";
import { Suspense, useState } from "react";
import { type DriftDetail, updateDrift } from "../../../shared/contracts/drifts.ts";
import { explainDeed } from "../api/explain.ts";
import { late } from "../app/late.ts";
import { useServices } from "../app/services.ts";
import { useShortcuts } from "../app/shortcuts.ts";
import { Button } from "../ui/button.tsx";
import { DRIFT_KEYS } from "./drift_keys.ts";

const Ignore = late(() => import("./ignore_drift_dialog.tsx").then((m) => m.IgnoreDriftDialog));
const Resolve = late(() => import("./resolve_dialog.tsx").then((m) => m.ResolveDialog));

/** The buttons that fit how far the drift is. */
export function DriftActions({ drift }: { drift: DriftDetail }) {
  const { api } = useServices();
  const queries = useQueryClient();
  const [resolving, setResolving] = useState(false);
  const [ignoring, setIgnoring] = useState(false);
  const isOpen = drift.status !== "resolved";
  const move = useMutation({
    mutationFn: (status: "investigating" | "detected") =>
      api.call(updateDrift, { params: { id: drift.id }, body: { status } }),
    onSettled: () => DRIFT_KEYS.forEach((key) => queries.invalidateQueries({ queryKey: [key] })),
  });
  useShortcuts({ e: () => isOpen && setResolving(true) });
  return (
    <>
      {move.isError && <span role="alert" className="text-[13px] text-danger">{explainDeed(move.error)}
      </span>}
      {isOpen && !drift.ignored && (
        <Button icon={<BellOff aria-hidden />} onClick={() => setIgnoring(true)}>Ignore this…</Button>
      )}
      {drift.status === "detected" && (
        <Button
          icon={<Eye aria-hidden />}
          busy={move.isPending}
          onClick={() => move.mutate("investigating")}
        >
          Investigate
        </Button>
      )}
      {isOpen
        ? (
          <Button look="primary" icon={<Check aria-hidden />} onClick={() => setResolving(true)}>
            Resolve
          </Button>
        )
        : (
          <Button
            icon={<RotateCcw aria-hidden />}
            busy={move.isPending}
            onClick={() => move.mutate("detected")}
          >
            Reopen
          </Button>
        )}
      <Suspense>
        {resolving && <Resolve drift={drift} onClose={() => setResolving(false)} />}
        {ignoring && <Ignore drift={drift} onClose={() => setIgnoring(false)} />}
      </Suspense>
    </>
  );
}

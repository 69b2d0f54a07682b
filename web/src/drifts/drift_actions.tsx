/** What can be done about a drift: look into it, resolve it, or accept what is there now. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Check, Eye } from "lucide-react";
import { Suspense, useState } from "react";
import { type DriftDetail, updateDrift } from "../../../shared/contracts/drifts.ts";
import { explainDeed } from "../api/explain.ts";
import { late } from "../app/late.ts";
import { useServices } from "../app/services.ts";
import { Button } from "../ui/button.tsx";

const Resolve = late(() => import("./resolve_dialog.tsx").then((m) => m.ResolveDialog));

/** Buttons for a drift that is not resolved yet. */
export function DriftActions({ drift }: { drift: DriftDetail }) {
  const { api } = useServices();
  const queries = useQueryClient();
  const [resolving, setResolving] = useState(false);
  const investigate = useMutation({
    mutationFn: () => api.call(updateDrift, { params: { id: drift.id }, body: { status: "investigating" } }),
    onSettled: () =>
      ["drift", "drifts", "drift-summary"].forEach((key) => queries.invalidateQueries({ queryKey: [key] })),
  });
  return (
    <>
      {investigate.isError && (
        <span role="alert" className="text-[13px] text-danger">{explainDeed(investigate.error)}</span>
      )}
      {drift.status === "detected" && (
        <Button
          icon={<Eye aria-hidden />}
          busy={investigate.isPending}
          onClick={() => investigate.mutate()}
        >
          Investigate
        </Button>
      )}
      <Button look="primary" icon={<Check aria-hidden />} onClick={() => setResolving(true)}>Resolve</Button>
      <Suspense>{resolving && <Resolve drift={drift} onClose={() => setResolving(false)} />}</Suspense>
    </>
  );
}

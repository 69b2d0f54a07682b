/** Looks for drifts now. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import { detectDrifts } from "../../../shared/contracts/drifts.ts";
import { explainDeed } from "../api/explain.ts";
import { useServices } from "../app/services.ts";
import { Button } from "../ui/button.tsx";

/** Starts a scan of all resources and says how that went. */
export function DetectButton() {
  const { api } = useServices();
  const queries = useQueryClient();
  const detect = useMutation({
    mutationFn: () => api.call(detectDrifts, { body: {} }),
    onSuccess: () =>
      ["drifts", "drift-summary"].forEach((key) => queries.invalidateQueries({ queryKey: [key] })),
  });
  return (
    <>
      <Button icon={<RefreshCw aria-hidden />} busy={detect.isPending} onClick={() => detect.mutate()}>
        Scan now
      </Button>
      <span role="status" className="text-[13px] text-muted sm:order-first">
        {detect.isError ? explainDeed(detect.error) : detect.data?.message}
      </span>
    </>
  );
}

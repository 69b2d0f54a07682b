/** What is dangerous in one resource's last captured configuration, whatever its baseline says. */
import { useQuery } from "@tanstack/react-query";
import { listResourceRisks } from "../../../shared/contracts/risks.ts";
import { useServices } from "../app/services.ts";
import { ErrorState, faultOf } from "../ui/feedback.tsx";
import { Card } from "../ui/page.tsx";
import { RiskList } from "./risk_list.tsx";

/** The risks in a card. */
export function ResourceRisks({ id }: { id: string }) {
  const { api } = useServices();
  const risks = useQuery({
    queryKey: ["resource", id, "risks"],
    queryFn: ({ signal }) => api.call(listResourceRisks, { params: { id } }, { signal }),
  });
  const fault = faultOf(risks);
  return (
    <Card title="Risks">
      {fault
        ? <ErrorState error={fault} onRetry={() => risks.refetch()} />
        : !risks.data
        ? <div className="h-16" aria-busy />
        : risks.data.risks.length === 0
        ? (
          <p className="px-4 py-6 text-center text-[13px] text-muted">
            No rule finds anything dangerous in its configuration.
          </p>
        )
        : <RiskList risks={risks.data.risks} label="Risks" />}
    </Card>
  );
}

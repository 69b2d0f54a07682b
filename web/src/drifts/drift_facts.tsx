/** What a drift is: how bad, of what, and why. */
import { useQuery } from "@tanstack/react-query";
import type { DriftDetail } from "../../../shared/contracts/drifts.ts";
import { getResource } from "../../../shared/contracts/resources.ts";
import { useServices } from "../app/services.ts";
import { CopiedFact, Fact, Facts } from "../ui/facts.tsx";
import { capital } from "../ui/filter_bar.tsx";
import { Moment } from "../ui/moment.tsx";
import { Card } from "../ui/page.tsx";
import { DriftStatusBadge, SeverityBadge } from "../ui/severity.tsx";
import { controlsFor } from "./controls.ts";

/** The facts in a card. */
export function DriftFacts({ drift }: { drift: DriftDetail }) {
  return (
    <Card>
      <Facts>
        <Fact name="Severity">
          <SeverityBadge severity={drift.severity} />
        </Fact>
        <Fact name="Status">
          <DriftStatusBadge status={drift.status} />
        </Fact>
        <Fact name="Type">{capital(drift.drift_type)}</Fact>
        <Fact name="Detected">
          <Moment time={drift.detected_at} />
        </Fact>
        <Fact name={`Why this is ${drift.severity}`} wide>
          <span className="text-pretty">{drift.reason}</span>
          {drift.control && (
            <span className="block text-muted">
              {controlsFor(drift.control, drift.resource_type).join("; ")}
            </span>
          )}
        </Fact>
        <Names drift={drift} />
      </Facts>
    </Card>
  );
}

/** What the resource is called where it comes from, to find it there. */
function Names({ drift }: { drift: DriftDetail }) {
  const { api } = useServices();
  const id = String(drift.resource_id);
  const resource = useQuery({
    queryKey: ["resource", id],
    queryFn: ({ signal }) => api.call(getResource, { params: { id } }, { signal }),
  });
  const names = [
    ["Resource type", drift.resource_type],
    ["External id", resource.data?.external_id],
    ["Terraform address", drift.address ?? undefined],
  ] as const;
  return names.map(([name, text]) => text && <CopiedFact key={name} name={name} text={text} />);
}

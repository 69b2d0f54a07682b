/** One drift: what changed, why it matters, and what to do about it. */
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { type DriftDetail, getDrift } from "../../../shared/contracts/drifts.ts";
import { useServices } from "../app/services.ts";
import { useCan } from "../session/use_session.ts";
import { ErrorState, faultOf } from "../ui/feedback.tsx";
import { capital } from "../ui/filter_bar.tsx";
import { Moment } from "../ui/moment.tsx";
import { Card, Outline, Page } from "../ui/page.tsx";
import { Fact, Facts } from "../ui/facts.tsx";
import { DriftStatusBadge, SeverityBadge } from "../ui/severity.tsx";
import { DriftActions } from "./drift_actions.tsx";
import { ValueDiff } from "./value_diff.tsx";

/** The view of one drift. */
export function DriftPage() {
  const { id } = useParams({ from: "/app/drifts/$id" });
  const { api } = useServices();
  const may = useCan("drifts:write");
  const drift = useQuery({
    queryKey: ["drift", id],
    queryFn: ({ signal }) => api.call(getDrift, { params: { id } }, { signal }),
  });
  const fault = faultOf(drift);
  if (fault) {
    return <ErrorState error={fault} onRetry={() => drift.refetch()} />;
  }
  if (!drift.data) return <Outline />;
  return (
    <Page
      title={drift.data.summary}
      description={
        <>
          <Link to="/drifts" className="underline-offset-4 hover:underline">Drifts</Link>
          {" / "}
          <Link
            to="/resources/$id"
            params={{ id: String(drift.data.resource_id) }}
            className="underline-offset-4 hover:underline"
          >
            {drift.data.resource_name}
          </Link>
        </>
      }
      actions={may && drift.data.status !== "resolved" && <DriftActions drift={drift.data} />}
    >
      <DriftFacts drift={drift.data} />
      <Card title="What changed">
        <ValueDiff changes={changesOf(drift.data)} />
      </Card>
    </Page>
  );
}

/** The field's own parts; a field without parts is the change. */
function changesOf(drift: DriftDetail) {
  if (drift.diff.length > 0) return drift.diff;
  return [{ path: drift.field_path, before: drift.baseline_value, after: drift.current_value }];
}

function DriftFacts({ drift }: { drift: DriftDetail }) {
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
          {drift.control && <span className="block text-muted">{drift.control}</span>}
        </Fact>
      </Facts>
    </Card>
  );
}

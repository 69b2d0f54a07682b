/** One drift: what changed, why it matters, what became of it, and what to do about it. */
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { type DriftDetail, getDrift } from "../../../shared/contracts/drifts.ts";
import { useServices } from "../app/services.ts";
import { useCan } from "../session/use_session.ts";
import { Callout, ErrorState, faultOf } from "../ui/feedback.tsx";
import { sayDay } from "../ui/moment.tsx";
import { Card, Outline, Page } from "../ui/page.tsx";
import { DriftActions } from "./drift_actions.tsx";
import { DriftFacts } from "./drift_facts.tsx";
import { DriftSteps } from "./drift_steps.tsx";
import { ValueDiff } from "./value_diff.tsx";

/** The view of one drift. */
export function DriftPage() {
  const { id } = useParams({ from: "/app/drifts/$id" });
  const { api } = useServices();
  const may = useCan("drifts:write");
  const query = useQuery({
    queryKey: ["drift", id],
    queryFn: ({ signal }) => api.call(getDrift, { params: { id } }, { signal }),
  });
  const fault = faultOf(query);
  if (fault) return <ErrorState error={fault} onRetry={() => query.refetch()} />;
  const drift = query.data;
  if (!drift) return <Outline />;
  return (
    <Page
      title={headingOf(drift)}
      heading={
        <>
          {drift.field_path} of <bdi>{drift.resource_name}</bdi>
        </>
      }
      description={
        <>
          <Link to="/drifts" className="underline-offset-4 hover:underline">Drifts</Link>
          {" / "}
          <Link
            to="/resources/$id"
            params={{ id: String(drift.resource_id) }}
            className="underline-offset-4 hover:underline"
          >
            <bdi>{drift.resource_name}</bdi>
          </Link>
        </>
      }
      actions={may && <DriftActions drift={drift} />}
    >
      {drift.ignored && (
        <Callout tone="info">
          An <Link to="/settings/ignore-rules" className="font-medium underline">ignore rule</Link>{" "}
          covers this drift
          {drift.ignored.until ? ` until ${sayDay(drift.ignored.until)}` : ""}: it isn't counted or told.
        </Callout>
      )}
      <DriftFacts drift={drift} />
      <Card title="What changed">
        <ValueDiff changes={changesOf(drift)} />
      </Card>
      <DriftSteps drift={drift} may={may} />
    </Page>
  );
}

/** The field and the resource; why it matters stands below, once. */
function headingOf({ field_path, resource_name }: DriftDetail): string {
  return `${field_path} of ${resource_name}`;
}

/** The field's own parts; a field without parts is the change. */
function changesOf(drift: DriftDetail) {
  if (drift.diff.length > 0) return drift.diff;
  return [{ path: drift.field_path, before: drift.baseline_value, after: drift.current_value }];
}

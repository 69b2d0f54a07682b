/** One resource: what it is, its configuration, and its history. */
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { getResource, getResourceConfig, type Resource } from "../../../shared/contracts/resources.ts";
import { useServices } from "../app/services.ts";
import { Badge, Code } from "../ui/badge.tsx";
import { CopyButton } from "../ui/copy_button.tsx";
import { CopiedFact, Fact, Facts } from "../ui/facts.tsx";
import { ErrorState, faultOf } from "../ui/feedback.tsx";
import { capital } from "../ui/filter_bar.tsx";
import { JsonView } from "../ui/json_view.tsx";
import { Moment } from "../ui/moment.tsx";
import { Card, Outline, Page } from "../ui/page.tsx";
import { ResourceBaselines } from "./resource_baselines.tsx";
import { ResourceDrifts } from "./resource_drifts.tsx";
import { ResourceRisks } from "./resource_risks.tsx";
import { RESOURCE_TONES } from "./resource_tones.ts";

/** The view of one resource. */
export function ResourcePage() {
  const { id } = useParams({ from: "/app/resources/$id" });
  const { api } = useServices();
  const resource = useQuery({
    queryKey: ["resource", id],
    queryFn: ({ signal }) => api.call(getResource, { params: { id } }, { signal }),
  });
  const fault = faultOf(resource);
  if (fault) {
    return <ErrorState error={fault} onRetry={() => resource.refetch()} />;
  }
  if (!resource.data) return <Outline />;
  const { name, resource_type } = resource.data;
  return (
    <Page
      title={name}
      heading={<bdi>{name}</bdi>}
      description={
        <>
          <Link to="/resources" className="underline-offset-4 hover:underline">Resources</Link>
          {" / "}
          {resource_type}
        </>
      }
    >
      <About resource={resource.data} />
      <ResourceDrifts id={id} />
      <ResourceRisks id={id} />
      <ResourceBaselines id={id} name={name} />
      <Configuration id={id} />
    </Page>
  );
}

function About({ resource }: { resource: Resource }) {
  const tags = Object.entries(resource.tags);
  return (
    <Card>
      <Facts>
        <Fact name="Status">
          <Badge tone={RESOURCE_TONES[resource.status]}>{capital(resource.status)}</Badge>
        </Fact>
        <Fact name="Provider">{resource.provider}</Fact>
        <Fact name="Region">{resource.region ?? "—"}</Fact>
        <Fact name="Last seen">
          <Moment time={resource.last_seen_at} />
        </Fact>
        <CopiedFact name="External id" text={resource.external_id} />
        {resource.address && <CopiedFact name="Terraform address" text={resource.address} />}
        {resource.source && (
          <Fact name="Source" wide>
            <Link
              to="/resources"
              search={{ source: resource.source }}
              className="break-all text-accent underline-offset-4 hover:underline"
            >
              <bdi>{resource.source}</bdi>
            </Link>
          </Fact>
        )}
        {tags.length > 0 && (
          <Fact name="Tags" wide>
            <span className="flex flex-wrap gap-1">
              {tags.map(([key, value]) => <Code key={key} className="break-all">{key}={value}</Code>)}
            </span>
          </Fact>
        )}
      </Facts>
    </Card>
  );
}

function Configuration({ id }: { id: string }) {
  const { api } = useServices();
  const config = useQuery({
    queryKey: ["resource", id, "config"],
    queryFn: ({ signal }) => api.call(getResourceConfig, { params: { id } }, { signal }),
  });
  const fault = faultOf(config);
  return (
    <Card
      title="Configuration"
      aside={config.data && (
        <span className="flex items-center gap-3 text-xs text-muted">
          <span>
            Captured <Moment time={config.data.captured_at} />
          </span>
          <CopyButton text={JSON.stringify(config.data.configuration, null, 2)} look="ghost" />
        </span>
      )}
    >
      {fault
        ? <ErrorState error={fault} onRetry={() => config.refetch()} />
        : config.data
        ? <JsonView value={config.data.configuration} label="Configuration" />
        : <div className="h-60" aria-busy />}
    </Card>
  );
}

/** How one resource should be, and how it should have been before: its history, with what changed between. */
import { useQuery } from "@tanstack/react-query";
import { Suspense, useState } from "react";
import { type Baseline, listBaselines } from "../../../shared/contracts/baselines.ts";
import { late } from "../app/late.ts";
import { useServices } from "../app/services.ts";
import { useCan } from "../session/use_session.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { ErrorState, faultOf } from "../ui/feedback.tsx";
import { Moment, sayExactly } from "../ui/moment.tsx";
import { Card } from "../ui/page.tsx";
import { Table } from "../ui/table.tsx";
import { sayOrigin } from "./baseline_words.ts";

const Comparison = late(() => import("./comparison_dialog.tsx").then((m) => m.ComparisonDialog));
const AcceptState = late(() => import("./accept_state_dialog.tsx").then((m) => m.AcceptStateDialog));

/** The baselines, newest first; each older one can be compared with any other, at first with the one after it. */
export function ResourceBaselines({ id, name }: { id: string; name: string }) {
  const { api } = useServices();
  const may = useCan("resources:write");
  const [asking, setAsking] = useState(false);
  const [compared, setCompared] = useState<Baseline>();
  const baselines = useQuery({
    queryKey: ["baselines", id],
    queryFn: ({ signal }) =>
      api.call(listBaselines, { query: { resource_id: id, per_page: 20 } }, { signal }),
  });
  const fault = faultOf(baselines);
  const current = baselines.data?.data.find(({ is_current }) => is_current);
  return (
    <Card
      title="History"
      aside={may && current && (
        <Button size="sm" onClick={() => setAsking(true)}>
          Accept present state
        </Button>
      )}
    >
      {fault ? <ErrorState error={fault} onRetry={() => baselines.refetch()} /> : (
        <Table
          label="Baselines"
          rows={baselines.data?.data}
          expected={1}
          columns={[
            {
              heading: "Baseline",
              cell: (baseline) => (
                <span className="grid gap-0.5">
                  <span className="flex items-center gap-2 font-medium">
                    {sayOrigin(baseline)}
                    {baseline.is_current && <Badge tone="accent" dot={false}>Current</Badge>}
                  </span>
                  <span className="text-xs text-muted sm:hidden">
                    <Moment time={baseline.created_at} />
                  </span>
                </span>
              ),
            },
            {
              heading: "Since",
              from: "sm",
              className: "w-28",
              cell: ({ created_at }) => <Moment time={created_at} />,
            },
            {
              heading: "Actions",
              hideHeading: true,
              className: "w-30 text-right",
              cell: (baseline) =>
                current && !baseline.is_current && (
                  <Button
                    size="sm"
                    look="ghost"
                    aria-label={`Compare the baseline of ${sayExactly(baseline.created_at)} with the next`}
                    onClick={() => setCompared(baseline)}
                  >
                    Compare
                  </Button>
                ),
            },
          ]}
        />
      )}
      <Suspense>
        {asking && <AcceptState id={Number(id)} name={name} onClose={() => setAsking(false)} />}
        {compared && current && (
          <Comparison
            baselines={baselines.data!.data}
            from={compared}
            to={successorOf(compared, baselines.data!.data) ?? current}
            onClose={() => setCompared(undefined)}
          />
        )}
      </Suspense>
    </Card>
  );
}

/** The baseline that took a baseline's place. @param all newest first */
function successorOf(baseline: Baseline, all: readonly Baseline[]): Baseline | undefined {
  return all[all.findIndex(({ id }) => id === baseline.id) - 1];
}

/** What changed from one baseline of a resource to another. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Baseline, compareBaselines } from "../../../shared/contracts/baselines.ts";
import { useServices } from "../app/services.ts";
import { ValueDiff } from "../drifts/value_diff.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { ErrorState, faultOf } from "../ui/feedback.tsx";
import { ChoiceField } from "../ui/field.tsx";
import { sayExactly } from "../ui/moment.tsx";
import { sayOrigin } from "./baseline_words.ts";

/** The comparison in a dialog; either side can be changed there. @param baselines newest first */
export function ComparisonDialog({ baselines, from: first, to: second, onClose }: {
  baselines: readonly Baseline[];
  from: Baseline;
  to: Baseline;
  onClose: () => void;
}) {
  const { api } = useServices();
  const [from, setFrom] = useState(first.id);
  const [to, setTo] = useState(second.id);
  const comparison = useQuery({
    queryKey: ["baselines", "comparison", from, to],
    queryFn: ({ signal }) => api.call(compareBaselines, { params: { id: from, other: to } }, { signal }),
    enabled: from !== to,
  });
  const fault = faultOf(comparison);
  const changes = from === to
    ? []
    : comparison.data?.changes.map(({ field_path, before, after }) => ({ path: field_path, before, after }));
  const options = baselines.map((one) => ({
    value: String(one.id),
    label: `${sayExactly(one.created_at)} · ${sayOrigin(one)}${one.is_current ? " (current)" : ""}`,
  }));
  return (
    <Dialog wide title="Compare baselines" onClose={onClose}>
      <div className="grid gap-3 sm:grid-cols-2">
        <ChoiceField
          label="From"
          value={String(from)}
          options={options}
          onChange={(id) => setFrom(Number(id))}
        />
        <ChoiceField label="To" value={String(to)} options={options} onChange={(id) => setTo(Number(id))} />
      </div>
      {fault
        ? <ErrorState error={fault} onRetry={() => comparison.refetch()} />
        : changes?.length === 0
        ? <p className="py-6 text-center text-[13px] text-muted">Both are equal.</p>
        : (
          <div className="min-h-24 overflow-hidden rounded-md border" aria-busy={!changes || undefined}>
            {changes && <ValueDiff changes={changes} />}
          </div>
        )}
    </Dialog>
  );
}

/** What changed from one baseline to another. */
import { useQuery } from "@tanstack/react-query";
import { type Baseline, compareBaselines } from "../../../shared/contracts/baselines.ts";
import { useServices } from "../app/services.ts";
import { ValueDiff } from "../drifts/value_diff.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { ErrorState, faultOf } from "../ui/feedback.tsx";
import { sayExactly } from "../ui/moment.tsx";

/** The comparison in a dialog. */
export function ComparisonDialog(
  { from, to, onClose }: { from: Baseline; to: Baseline; onClose: () => void },
) {
  const { api } = useServices();
  const comparison = useQuery({
    queryKey: ["baselines", "comparison", from.id, to.id],
    queryFn: ({ signal }) =>
      api.call(compareBaselines, { params: { id: from.id, other: to.id } }, { signal }),
  });
  const fault = faultOf(comparison);
  const changes = comparison.data?.changes.map(({ field_path, before, after }) => ({
    path: field_path,
    before,
    after,
  }));
  return (
    <Dialog
      wide
      title="Compared with the current baseline"
      description={`From ${sayExactly(from.created_at)} to ${sayExactly(to.created_at)}`}
      onClose={onClose}
    >
      {fault
        ? <ErrorState error={fault} onRetry={() => comparison.refetch()} />
        : changes?.length === 0
        ? <p className="py-6 text-center text-[13px] text-muted">Both are equal.</p>
        : (
          <div className="min-h-24 overflow-hidden rounded-md border">
            {changes && <ValueDiff changes={changes} />}
          </div>
        )}
    </Dialog>
  );
}

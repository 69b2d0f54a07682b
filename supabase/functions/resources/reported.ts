/** Drift that Terraform reports without saying how: kept until the resource itself is seen again. */
import type { ReportedDrift } from "../../../shared/drift/terraform_log.ts";
import type { FoundDrift } from "./compare.ts";

const REASON = "Terraform saw that it was changed outside of its configuration";

/**
 * One drift for each reported change that the comparison itself doesn't show.
 * @param found what the comparison shows
 */
export function findReported(
  reported: readonly ReportedDrift[],
  addressed: readonly { address: string; external_id: string }[],
  found: readonly FoundDrift[],
): FoundDrift[] {
  const ids = new Map(addressed.map(({ address, external_id }) => [address, external_id]));
  const seen = new Set(found.map(({ external_id }) => external_id));
  return reported.filter(({ action }) => action === "update").flatMap(({ address }): FoundDrift[] => {
    const external_id = ids.get(address);
    if (external_id === undefined || seen.has(external_id)) return [];
    return [{
      external_id,
      field_path: "(unknown)",
      drift_type: "configuration",
      severity: "medium",
      summary: `(unknown): ${REASON}`,
      reason: REASON,
      rule: "changed-outside",
      control: null,
      baseline_value: null,
      current_value: null,
    }];
  });
}

/** Drift that Terraform reports without saying how: kept until the resource itself is seen again. */
import { judgeUnseen } from "../../../shared/drift/rules/changed_unseen.ts";
import type { ReportedDrift } from "../../../shared/drift/terraform_log.ts";
import type { FoundDrift } from "./compare.ts";

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
  return reported.filter(({ action }) => action === "update").flatMap(({ address, type }): FoundDrift[] => {
    const external_id = ids.get(address);
    if (external_id === undefined || seen.has(external_id)) return [];
    const verdict = judgeUnseen(type);
    return [{
      external_id,
      field_path: "(unknown)",
      ...verdict,
      summary: `(unknown): ${verdict.reason}`,
      rule: "changed-outside",
      baseline_value: null,
      current_value: null,
    }];
  });
}

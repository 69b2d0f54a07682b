/** Ignores what one drift is: a rule that begins with its own resource, field and severity. */
import { useQuery } from "@tanstack/react-query";
import type { DriftDetail } from "../../../shared/contracts/drifts.ts";
import { getResource } from "../../../shared/contracts/resources.ts";
import { useServices } from "../app/services.ts";
import { IgnoreRuleDialog } from "../ignores/ignore_rule_dialog.tsx";

/** The dialog, once it is known what the resource is called. */
export function IgnoreDriftDialog({ drift, onClose }: { drift: DriftDetail; onClose: () => void }) {
  const { api } = useServices();
  const id = String(drift.resource_id);
  const resource = useQuery({
    queryKey: ["resource", id],
    queryFn: ({ signal }) => api.call(getResource, { params: { id } }, { signal }),
  });
  // A key or role that reads drifts alone knows the type: the rule is then about all resources of it.
  if (!resource.data && !resource.isError) return null;
  return (
    <IgnoreRuleDialog
      draft={{
        resource_type: drift.resource_type,
        external_id: resource.data?.external_id ?? null,
        field: drift.field_path,
        severity_at_most: drift.severity,
      }}
      onClose={onClose}
    />
  );
}

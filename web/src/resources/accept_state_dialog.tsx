/** The question before a resource's present state becomes its baseline. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { createBaseline } from "../../../shared/contracts/baselines.ts";
import { useServices } from "../app/services.ts";
import { Confirm } from "../ui/dialog.tsx";

const CONCERNED = ["baselines", "drifts", "drift", "drift-summary", "resource"];

/** Asks, and accepts. */
export function AcceptStateDialog({ id, name, onClose }: { id: number; name: string; onClose: () => void }) {
  const { api } = useServices();
  const queries = useQueryClient();
  const promote = useMutation({
    mutationFn: () => api.call(createBaseline, { body: { resource_id: id } }),
    onSuccess: onClose,
    onSettled: () => CONCERNED.forEach((key) => queries.invalidateQueries({ queryKey: [key] })),
  });
  return (
    <Confirm
      title={`Accept the present state of ${name}?`}
      action="Accept"
      look="primary"
      busy={promote.isPending}
      error={promote.error}
      onConfirm={() => promote.mutate()}
      onCancel={onClose}
    >
      What it is now becomes its baseline, and its open drifts are resolved as accepted.
    </Confirm>
  );
}

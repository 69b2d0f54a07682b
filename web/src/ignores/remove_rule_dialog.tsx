/** The question before an ignore rule is removed. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { deleteIgnoreRule, type IgnoreRule } from "../../../shared/contracts/ignore_rules.ts";
import { useServices } from "../app/services.ts";
import { Confirm } from "../ui/dialog.tsx";
import { IGNORE_KEYS } from "./ignore_keys.ts";

/** Asks before a rule is removed. */
export function RemoveRuleDialog({ rule, onClose }: { rule: IgnoreRule; onClose: () => void }) {
  const { api } = useServices();
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.call(deleteIgnoreRule, { params: { id: rule.id } }),
    onSuccess: onClose,
    onSettled: () => IGNORE_KEYS.forEach((key) => queries.invalidateQueries({ queryKey: [key] })),
  });
  return (
    <Confirm
      title="Remove this ignore rule?"
      action="Remove"
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onCancel={onClose}
    >
      <p>
        “<bdi>{rule.reason}</bdi>” What it covered counts again, and is told as if it had been found now.
      </p>
    </Confirm>
  );
}

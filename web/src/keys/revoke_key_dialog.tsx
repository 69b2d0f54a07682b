/** The question before an API key is revoked. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ApiKey, revokeApiKey } from "../../../shared/contracts/api_keys.ts";
import { useServices } from "../app/services.ts";
import { Confirm } from "../ui/dialog.tsx";
import { sayWhen } from "../ui/moment.tsx";

/** Asks before a key is revoked. */
export function RevokeKeyDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const { api } = useServices();
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => api.call(revokeApiKey, { params: { id: apiKey.id } }),
    onSuccess: onClose,
    onSettled: () => ["api-keys", "api-key"].forEach((key) => queries.invalidateQueries({ queryKey: [key] })),
  });
  return (
    <Confirm
      title={`Revoke “${apiKey.name}”?`}
      action="Revoke"
      busy={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutate()}
      onCancel={onClose}
    >
      <p>
        Requests with <span className="font-mono text-xs">{apiKey.prefix}_…</span>{" "}
        are refused from the next one on. This can't be undone.
      </p>
      <p className="mt-2">
        {apiKey.last_used_at ? `It was last used ${sayWhen(apiKey.last_used_at)}.` : "It was never used."}
      </p>
    </Confirm>
  );
}

/** Replaces an API key by a successor with the same name and permissions. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  type ApiKey,
  type ApiKeyCreated,
  DEFAULT_GRACE_SECONDS,
  rotateApiKey,
} from "../../../shared/contracts/api_keys.ts";
import { LIMITS } from "../../../shared/contracts/limits.ts";
import { Fault } from "../api/fault.tsx";
import { useServices } from "../app/services.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { ChoiceField } from "../ui/field.tsx";

const GRACES = [
  { value: "0", label: "Revoke immediately" },
  { value: "3600", label: "Keep for 1 hour" },
  { value: String(DEFAULT_GRACE_SECONDS), label: "Keep for 1 day" },
  { value: String(3 * DEFAULT_GRACE_SECONDS), label: "Keep for 3 days" },
  { value: String(LIMITS.api_key_grace_seconds), label: "Keep for 7 days" },
];

/** Asks how long the old key shall go on working. @param onCreated gets the successor in full */
export function RotateKeyDialog({ apiKey, onClose, onCreated }: {
  apiKey: ApiKey;
  onClose: () => void;
  onCreated: (key: ApiKeyCreated) => void;
}) {
  const { api } = useServices();
  const queries = useQueryClient();
  const [grace, setGrace] = useState(String(DEFAULT_GRACE_SECONDS));
  const rotate = useMutation({
    mutationFn: () =>
      api.call(rotateApiKey, { params: { id: apiKey.id }, body: { grace_seconds: Number(grace) } }),
    // The answer holds the key itself: it must not stay in the cache of past mutations.
    gcTime: 0,
    onSuccess: onCreated,
    onSettled: () => ["api-keys", "api-key"].forEach((key) => queries.invalidateQueries({ queryKey: [key] })),
  });
  return (
    <Dialog
      title={`Rotate “${apiKey.name}”`}
      description="A new key with the same permissions takes over. It is shown once."
      onClose={onClose}
    >
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          rotate.mutate();
        }}
      >
        <Fault error={rotate.error} />
        <ChoiceField
          label="The old key"
          hint="Time to put the new one in place everywhere."
          options={GRACES}
          value={grace}
          onChange={setGrace}
        />
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={rotate.isPending}>Rotate key</Button>
        </div>
      </form>
    </Dialog>
  );
}

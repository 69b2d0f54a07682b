/** Resolves a drift: because it was put right, or because the new state is as it should be. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type DriftDetail, resolveDrift } from "../../../shared/contracts/drifts.ts";
import { Fault } from "../api/fault.tsx";
import { useServices } from "../app/services.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { RadioCard } from "../ui/radio_card.tsx";

const CONCERNED = ["drift", "drifts", "drift-summary", "resource"];

/** Asks why the drift is over. */
export function ResolveDialog({ drift, onClose }: { drift: DriftDetail; onClose: () => void }) {
  const { api } = useServices();
  const queries = useQueryClient();
  const [accept, setAccept] = useState(false);
  const resolve = useMutation({
    mutationFn: () =>
      api.call(resolveDrift, { params: { id: drift.id }, body: { capture_baseline: accept } }),
    onSuccess: onClose,
    onSettled: () => CONCERNED.forEach((key) => queries.invalidateQueries({ queryKey: [key] })),
  });
  return (
    <Dialog title="Resolve this drift" description={drift.summary} onClose={onClose}>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          resolve.mutate();
        }}
      >
        <fieldset className="grid gap-2">
          <legend className="sr-only">How</legend>
          <RadioCard
            group="how"
            name="It was put right"
            hint="The baseline stays. If the next import still differs, it is found again."
            checked={!accept}
            onChange={() => setAccept(false)}
          />
          <RadioCard
            group="how"
            name="The new state is right"
            hint={`What ${drift.resource_name} is now becomes its baseline.`}
            checked={accept}
            onChange={() => setAccept(true)}
          />
        </fieldset>
        <Fault error={resolve.error} />
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={resolve.isPending}>Resolve</Button>
        </div>
      </form>
    </Dialog>
  );
}

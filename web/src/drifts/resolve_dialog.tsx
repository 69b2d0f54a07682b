/** Resolves a drift: because it was fixed, or because the new state is as it should be. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type DriftDetail, DriftNote, resolveDrift } from "../../../shared/contracts/drifts.ts";
import { Fault } from "../api/fault.tsx";
import { faultsOf } from "../api/faults.ts";
import { useServices } from "../app/services.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { TextArea } from "../ui/field.tsx";
import { RadioCard } from "../ui/radio_card.tsx";
import { DRIFT_KEYS } from "./drift_keys.ts";

/** Asks why the drift is over. */
export function ResolveDialog({ drift, onClose }: { drift: DriftDetail; onClose: () => void }) {
  const { api } = useServices();
  const queries = useQueryClient();
  const [accept, setAccept] = useState(false);
  const [note, setNote] = useState("");
  const [fault, setFault] = useState<string>();
  const resolve = useMutation({
    mutationFn: (note: string | undefined) =>
      api.call(resolveDrift, {
        params: { id: drift.id },
        body: { resolution: accept ? "accepted" : "manual", note },
      }),
    onSuccess: onClose,
    onSettled: () => DRIFT_KEYS.forEach((key) => queries.invalidateQueries({ queryKey: [key] })),
  });
  return (
    <Dialog title="Resolve this drift" description={drift.summary} onClose={onClose}>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          const checked = DriftNote.optional().safeParse(note.trim() || undefined);
          setFault(faultsOf(checked)[""]);
          if (checked.success) resolve.mutate(checked.data);
        }}
      >
        <fieldset className="grid gap-2">
          <legend className="sr-only">How</legend>
          <RadioCard
            group="how"
            name="Fixed in the infrastructure"
            hint="The baseline stays. If the next import still differs, it is found again."
            checked={!accept}
            onChange={() => setAccept(false)}
          />
          <RadioCard
            group="how"
            name="Accept as new baseline"
            hint={`What ${drift.resource_name} is now becomes its baseline.`}
            checked={accept}
            onChange={() => setAccept(true)}
          />
        </fieldset>
        <TextArea label="Note (optional)" prose rows={2} value={note} onChange={setNote} error={fault} />
        <Fault error={resolve.error} />
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={resolve.isPending}>Resolve</Button>
        </div>
      </form>
    </Dialog>
  );
}

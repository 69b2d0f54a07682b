/** Resolves several drifts at once. */
import { useState } from "react";
import { DriftNote } from "../../../shared/contracts/drifts.ts";
import { Fault } from "../api/fault.tsx";
import { faultsOf } from "../api/faults.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { TextArea } from "../ui/field.tsx";
import { sayCount } from "../ui/numbers.ts";
import type { useBulk } from "./bulk_bar.tsx";

/** Asks for a note, and resolves. @param onDone after they are */
export function BulkResolveDialog({ ids, bulk, onDone, onClose }: {
  ids: number[];
  bulk: ReturnType<typeof useBulk>;
  onDone: () => void;
  onClose: () => void;
}) {
  const [note, setNote] = useState("");
  const [fault, setFault] = useState<string>();
  return (
    <Dialog
      title={`Resolve ${sayCount(ids.length, "drift")}?`}
      description="As fixed in the infrastructure. If the next import still differs, they are found again."
      onClose={onClose}
    >
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          const checked = DriftNote.optional().safeParse(note.trim() || undefined);
          setFault(faultsOf(checked)[""]);
          if (checked.success) {
            bulk.mutate({ ids, status: "resolved", note: checked.data }, {
              onSuccess: onDone,
            });
          }
        }}
      >
        <Fault error={bulk.error} />
        <TextArea label="Note (optional)" prose value={note} onChange={setNote} error={fault} />
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={bulk.isPending}>Resolve</Button>
        </div>
      </form>
    </Dialog>
  );
}

/** What became of a drift: who moved it when and how, and what they said about it. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  type DriftDetail,
  DriftNote,
  type DriftStep,
  updateDrift,
} from "../../../shared/contracts/drifts.ts";
import { Fault } from "../api/fault.tsx";
import { fieldFaults } from "../api/explain.ts";
import { faultsOf } from "../api/faults.ts";
import { useServices } from "../app/services.ts";
import { Button } from "../ui/button.tsx";
import { TextArea } from "../ui/field.tsx";
import { Moment } from "../ui/moment.tsx";
import { Card } from "../ui/page.tsx";

/** The history, oldest first, and a field for another note. */
export function DriftSteps({ drift, may }: { drift: DriftDetail; may: boolean }) {
  return (
    <Card title="History">
      <ol className="grid gap-3 px-4 py-4 text-[13px]">
        <li>
          Detected <Moment time={drift.detected_at} as="exact" />
        </li>
        {drift.history.map((step, at) => (
          <li key={at} className="grid gap-1">
            <span>
              {sayStep(step, drift.history[at - 1]?.status ?? "detected")}{" "}
              <span className="text-muted">
                {step.actor_email && (
                  <>
                    by <bdi>{step.actor_email}</bdi>
                    {step.credential_type === "api_key" && " with an API key"},{" "}
                  </>
                )}
                <Moment time={step.occurred_at} as="exact" />
              </span>
            </span>
            {step.note && (
              <p
                dir="auto"
                className="border-l-2 border-line-strong pl-3 break-words whitespace-pre-wrap text-muted"
              >
                {step.note}
              </p>
            )}
          </li>
        ))}
      </ol>
      {may && <NoteForm id={drift.id} />}
    </Card>
  );
}

const RESOLVED: Record<NonNullable<DriftStep["resolution"]>, string> = {
  manual: "Resolved",
  reverted: "Resolved: back at its baseline",
  accepted: "Resolved: accepted as new baseline",
  deleted: "Resolved: the resource is gone",
};

function sayStep({ status, resolution }: DriftStep, before: DriftStep["status"]): string {
  if (status === before) return "Note";
  if (status === "resolved") return RESOLVED[resolution ?? "manual"];
  return status === "detected" ? "Reopened" : "Under investigation";
}

function NoteForm({ id }: { id: number }) {
  const { api } = useServices();
  const queries = useQueryClient();
  const [note, setNote] = useState("");
  const [fault, setFault] = useState<string>();
  const add = useMutation({
    mutationFn: (note: string) => api.call(updateDrift, { params: { id }, body: { note } }),
    onSuccess: (drift) => {
      setNote("");
      queries.setQueryData(["drift", String(id)], drift);
    },
  });
  return (
    <form
      noValidate
      className="grid gap-3 border-t px-4 py-4 print:hidden"
      onSubmit={(event) => {
        event.preventDefault();
        const checked = DriftNote.safeParse(note);
        setFault(faultsOf(checked)[""]);
        if (checked.success) add.mutate(checked.data);
      }}
    >
      <TextArea
        label="Add a note"
        prose
        rows={2}
        value={note}
        onChange={setNote}
        error={fault ?? fieldFaults(add.error)["body.note"]}
      />
      <Fault error={add.error} />
      <div>
        <Button type="submit" busy={add.isPending} disabled={!note.trim()}>Add note</Button>
      </div>
    </form>
  );
}

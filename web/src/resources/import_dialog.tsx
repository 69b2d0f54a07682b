/** Imports a file of what tools know of the infrastructure: first says what that would do, then does it. */
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { explainDeed, fieldFaults } from "../api/explain.ts";
import { Button, buttonClass } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Callout } from "../ui/feedback.tsx";
import { sayCount } from "../ui/numbers.ts";
import { DropArea } from "./drop_area.tsx";
import type { ReadFile } from "./import_file.ts";
import { ImportProgress } from "./import_progress.tsx";
import { ImportCounts } from "./import_result.tsx";
import { ImportTrial } from "./import_trial.tsx";
import { type ImportChoices, NO_CHOICES, useImport } from "./use_import.ts";

/** Takes a file by drop or choice, tries it, sends it, and says what it changed. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const { attempt, send, step, callOff } = useImport();
  const [file, setFile] = useState<ReadFile>();
  const [choices, setChoices] = useState<ImportChoices>(NO_CHOICES);
  const tryOut = (chosen: File | ReadFile, choices: ImportChoices) => {
    send.reset();
    attempt.mutate({ chosen, choices }, { onSuccess: ({ file }) => setFile(file) });
  };
  const startAnew = (chosen?: File) => {
    setFile(undefined);
    setChoices(NO_CHOICES);
    send.reset();
    attempt.reset();
    if (chosen) tryOut(chosen, NO_CHOICES);
  };
  const close = () => {
    callOff();
    onClose();
  };
  const error = send.error ?? attempt.error;
  return (
    <Dialog
      title="Import resources"
      description="A Terraform state or plan, a Pulumi stack, a cluster's objects, an AWS Config snapshot, or a JSON list of snapshots. Nothing is written before you see what it would do."
      onClose={close}
    >
      {send.isSuccess
        ? (
          <div role="status" className="grid gap-3">
            <Callout tone="good">Imported.</Callout>
            <ImportCounts result={send.data} />
            {send.data.drifted > 0 && (
              <Link to="/drifts" onClick={onClose} className={buttonClass()}>
                See what drifted in {sayCount(send.data.drifted, "resource")}
              </Link>
            )}
          </div>
        )
        : send.isPending || attempt.isPending
        ? <ImportProgress step={step} />
        : (
          <>
            {error !== null && <Refusal error={error} />}
            {file
              ? (
                <ImportTrial
                  name={file.name}
                  result={attempt.data?.result}
                  choices={choices}
                  onChoices={(changed) => {
                    setChoices(changed);
                    // What was counted was counted with other choices.
                    attempt.reset();
                  }}
                  onTry={() => tryOut(file, choices)}
                  onImport={() => send.mutate({ file, choices })}
                />
              )
              : <DropArea onFile={startAnew} />}
          </>
        )}
      <div className="flex justify-end gap-2">
        {send.isSuccess
          ? <Button onClick={() => startAnew()}>Import another</Button>
          : file && !send.isPending && !attempt.isPending && (
            <Button look="ghost" onClick={() => startAnew()}>Choose another file</Button>
          )}
        <Button look={send.isSuccess ? "primary" : "secondary"} onClick={close}>
          {send.isSuccess ? "Done" : "Cancel"}
        </Button>
      </div>
    </Dialog>
  );
}

/** Why a file is not taken, with the places in it that are at fault. */
function Refusal({ error }: { error: unknown }) {
  const faults = Object.entries(fieldFaults(error)).slice(0, 5);
  return (
    <Callout tone="danger">
      {explainDeed(error)}
      {faults.length > 0 && (
        <ul className="mt-1 grid gap-0.5 text-xs">
          {faults.map(([path, message]) => (
            <li key={path} className="break-words">
              <span className="font-mono">{path}</span> {message}
            </li>
          ))}
        </ul>
      )}
    </Callout>
  );
}

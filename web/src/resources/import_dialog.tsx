/** Imports a Terraform state or a list of snapshots from a file. */
import { Link } from "@tanstack/react-router";
import { FileJson } from "lucide-react";
import { type DragEvent, useEffect, useRef, useState } from "react";
import type { ImportResult } from "../../../shared/contracts/imports.ts";
import { explainDeed, fieldFaults } from "../api/explain.ts";
import { Button, buttonClass } from "../ui/button.tsx";
import { classNames } from "../ui/class_names.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Callout } from "../ui/feedback.tsx";
import { sayCount, sayNumber } from "../ui/numbers.ts";
import { ImportProgress } from "./import_progress.tsx";
import { useImport } from "./use_import.ts";

/** Takes a file by drop or choice, sends it, and says what it changed. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const { send, step, callOff } = useImport();
  const close = () => {
    callOff();
    onClose();
  };
  useEffect(() => {
    // Beside the area too: the browser would leave the page and open the file.
    const keep = (event: Event) => event.preventDefault();
    addEventListener("dragover", keep);
    addEventListener("drop", keep);
    return () => {
      removeEventListener("dragover", keep);
      removeEventListener("drop", keep);
    };
  }, []);
  const faults = Object.entries(fieldFaults(send.error)).slice(0, 5);
  return (
    <Dialog
      title="Import resources"
      description="A Terraform state (terraform.tfstate or terraform show -json) or a JSON list of snapshots."
      onClose={close}
    >
      {send.isSuccess
        ? <Result result={send.data} onLeave={onClose} />
        : send.isPending
        ? <ImportProgress step={step} />
        : (
          <>
            {send.isError && (
              <Callout tone="danger">
                {explainDeed(send.error)}
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
            )}
            <DropArea onFile={(chosen) => send.mutate(chosen)} />
          </>
        )}
      <div className="flex justify-end gap-2">
        {send.isSuccess && <Button onClick={() => send.reset()}>Import another</Button>}
        <Button look={send.isSuccess ? "primary" : "secondary"} onClick={close}>
          {send.isSuccess ? "Done" : "Cancel"}
        </Button>
      </div>
    </Dialog>
  );
}

function DropArea({ onFile }: { onFile: (file: File) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file) onFile(file);
  };
  return (
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={classNames(
        "grid justify-items-center gap-2 rounded-lg border border-dashed border-line-strong px-6 py-10 text-center",
        over && "border-accent bg-accent-soft",
      )}
    >
      <FileJson aria-hidden className="size-6 text-faint" />
      <p className="text-[13px] text-muted">
        {over ? "Let go to import it" : "Drop a file here, up to 8 MiB, or"}
      </p>
      <Button onClick={() => input.current?.click()}>Choose a file</Button>
      <input
        ref={input}
        type="file"
        aria-label="State file"
        accept=".json,.tfstate,application/json"
        className="sr-only"
        tabIndex={-1}
        onChange={(event) => {
          const file = event.target.files?.[0];
          // The same file can be chosen again after it was corrected.
          event.target.value = "";
          if (file) onFile(file);
        }}
      />
    </div>
  );
}

function Result({ result, onLeave }: { result: ImportResult; onLeave: () => void }) {
  const parts = ["created", "updated", "unchanged", "drifted", "deleted"] as const;
  return (
    <div role="status" className="grid gap-3">
      <Callout tone="good">Imported.</Callout>
      <dl className="grid grid-cols-5 gap-2 text-center">
        {parts.map((part) => (
          <div key={part} className="flex flex-col-reverse gap-0.5 rounded-md bg-sunken px-1 py-2">
            <dt className="text-xs text-muted">{part}</dt>
            <dd className="text-lg font-semibold tabular-nums">{sayNumber(result[part])}</dd>
          </div>
        ))}
      </dl>
      {result.drifted > 0 && (
        <Link to="/drifts" onClick={onLeave} className={buttonClass()}>
          See what drifted in {sayCount(result.drifted, "resource")}
        </Link>
      )}
    </div>
  );
}

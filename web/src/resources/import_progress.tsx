/** How far an import has come. */
import type { ImportStep } from "./use_import.ts";

/** The step that is going on, with a bar; while the file is sent, the bar is as long as what was sent. */
export function ImportProgress({ step }: { step: ImportStep }) {
  return (
    <div className="grid gap-3 py-8">
      <p className="text-center text-[13px] text-muted">
        <span role="status" className="break-words">{say(step)}</span>
        {step.name === "sending" && (
          <span aria-hidden className="block tabular-nums">
            {sayMiB(step.sent)} of {sayMiB(step.total)} MiB
          </span>
        )}
      </p>
      {step.name === "sending"
        ? (
          <progress
            aria-label="Import"
            value={step.sent}
            max={step.total}
            className="h-1.5 w-full appearance-none overflow-hidden rounded-full bg-hover [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-hover [&::-webkit-progress-value]:bg-accent"
          />
        )
        : (
          <div role="progressbar" aria-label="Import" className="h-1.5 overflow-hidden rounded-full bg-hover">
            {step.name === "comparing" && (
              <div className="h-full w-full origin-left animate-fill rounded-full bg-accent" />
            )}
          </div>
        )}
    </div>
  );
}

function say(step: ImportStep): string {
  if (step.name === "reading") return "Reading the file…";
  if (step.name === "sending") return `Sending ${step.file.name}…`;
  return `Comparing ${sayCount(step.file.count)} of ${step.file.name} with what is known…`;
}

function sayMiB(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}

function sayCount(count: number | undefined): string {
  if (count === undefined) return "the resources";
  return count === 1 ? "1 resource" : `${count} resources`;
}

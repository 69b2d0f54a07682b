/** How far an import has come. */
import type { ReadFile } from "./import_file.ts";

/** The step that is going on. @param file absent while it is still being read */
export function ImportProgress({ file }: { file: ReadFile | undefined }) {
  const step = file
    ? `Comparing ${sayCount(file.count)} of ${file.name} with what is known…`
    : "Reading the file…";
  return (
    <div className="grid gap-3 py-8">
      <p role="status" className="text-center text-[13px] text-muted">{step}</p>
      <div
        role="progressbar"
        aria-label="Import"
        className="h-1.5 overflow-hidden rounded-full bg-hover"
      >
        <div
          className={`h-full rounded-full bg-accent ${file ? "w-full origin-left animate-fill" : "w-0"}`}
        />
      </div>
    </div>
  );
}

function sayCount(count: number | undefined): string {
  if (count === undefined) return "the resources";
  return count === 1 ? "1 resource" : `${count} resources`;
}

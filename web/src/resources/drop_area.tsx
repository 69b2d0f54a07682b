/** Where a file is dropped or chosen. */
import { FileJson } from "lucide-react";
import { type DragEvent, useEffect, useRef, useState } from "react";
import { Button } from "../ui/button.tsx";
import { classNames } from "../ui/class_names.ts";

/** The area; a file that is dropped beside it is neither opened by the browser nor taken. */
export function DropArea({ onFile }: { onFile: (file: File) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  useKeptDrops();
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
        {over ? "Let go to see what it would do" : "Drop a file here, up to 8 MiB, or"}
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

/** Beside the area too: the browser would leave the page and open the file. */
function useKeptDrops(): void {
  useEffect(() => {
    const keep = (event: Event) => event.preventDefault();
    addEventListener("dragover", keep);
    addEventListener("drop", keep);
    return () => {
      removeEventListener("dragover", keep);
      removeEventListener("drop", keep);
    };
  }, []);
}

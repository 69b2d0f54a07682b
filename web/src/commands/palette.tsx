/** The command palette: goes anywhere, and finds resources, drifts and keys by their words. */
import { Dialog } from "@base-ui/react/dialog";
import { CornerDownLeft, Search } from "lucide-react";
import { type KeyboardEvent, useId, useState } from "react";
import { classNames } from "../ui/class_names.ts";
import { type Command, useCommands } from "./use_commands.ts";
import { useFindings } from "./use_findings.ts";

/** The palette in a dialog. */
export function Palette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const id = useId();
  const findings = useFindings(text);
  const commands = [...useCommands().filter(({ name }) => isMeant(name, text)), ...findings.commands];
  const current = Math.min(at, commands.length - 1);
  const run = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter") run(commands[current]);
    else if (by && commands.length > 0) setAt((current + by + commands.length) % commands.length);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 animate-veil bg-veil" />
        <Dialog.Viewport className="fixed inset-0 z-50 grid items-start justify-items-center p-3 pt-[12vh]">
          <Dialog.Popup className="w-full max-w-xl overflow-hidden rounded-xl border bg-raised shadow-pop outline-none animate-pop">
            <Dialog.Title className="sr-only">Go to, or find</Dialog.Title>
            <div className="flex items-center gap-2.5 border-b px-4">
              <Search aria-hidden className="size-4 shrink-0 text-faint" />
              <input
                autoFocus
                role="combobox"
                aria-label="Go to, or find"
                aria-expanded
                aria-controls={id}
                aria-activedescendant={commands[current] && `${id}-${current}`}
                aria-autocomplete="list"
                value={text}
                placeholder="Go to a view, or find a resource, drift or key"
                onChange={(event) => {
                  setText(event.target.value);
                  setAt(0);
                }}
                onKeyDown={onKeyDown}
                className="h-12 w-full bg-transparent text-sm outline-none max-sm:text-base"
              />
            </div>
            <ul id={id} role="listbox" aria-label="Matches" className="max-h-80 overflow-y-auto p-1.5">
              {commands.map((command, index) => (
                <li
                  key={command.id}
                  id={`${id}-${index}`}
                  role="option"
                  aria-selected={index === current}
                  ref={(row) => {
                    if (index === current) row?.scrollIntoView({ block: "nearest" });
                  }}
                  onPointerMove={() => setAt(index)}
                  onClick={() => run(command)}
                  className={classNames(
                    "flex h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 text-[13px] [&_svg]:size-4 [&_svg]:shrink-0",
                    index === current && "bg-hover",
                  )}
                >
                  <command.Icon aria-hidden className="text-faint" />
                  <bdi className="truncate">{command.name}</bdi>
                  {command.hint && <bdi className="truncate text-xs text-muted">{command.hint}</bdi>}
                  {index === current && <CornerDownLeft aria-hidden className="ml-auto text-faint" />}
                </li>
              ))}
            </ul>
            <p role="status" className="px-4 pb-3 text-[13px] text-muted empty:hidden">
              {commands.length === 0 && (findings.isLooking ? "Looking…" : "Nothing found.")}
            </p>
          </Dialog.Popup>
        </Dialog.Viewport>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** Whether every word that was typed is in the name. */
function isMeant(name: string, text: string): boolean {
  const lowered = name.toLowerCase();
  return text.toLowerCase().split(/\s+/).every((word) => lowered.includes(word));
}

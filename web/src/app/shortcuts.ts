/** Keys that work anywhere in a view, as long as nothing is typed in. */
import { useEffect, useRef } from "react";

/** What to do, by key as `KeyboardEvent.key` names it. */
export type Shortcuts = Record<string, () => void>;

/** Listens while the view is there; not in fields, not with a modifier, not under an open dialog. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const act = Object.hasOwn(latest.current, event.key) ? latest.current[event.key] : undefined;
      if (!act || event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return;
      const place = event.target instanceof Element ? event.target : document.body;
      if (place.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
      if (document.querySelector("[role=dialog], [role=alertdialog], [role=menu]")) return;
      // Enter on a link or a button is theirs.
      if (event.key === "Enter" && place.closest("a, button")) return;
      event.preventDefault();
      act();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}

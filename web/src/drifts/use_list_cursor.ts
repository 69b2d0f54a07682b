/** Going through a list by keyboard, and ticking rows off. */
import { useCallback, useMemo, useState } from "react";
import { useShortcuts } from "../app/shortcuts.ts";

/**
 * The row that the keyboard is at, and the rows that are ticked; both only of what is shown.
 * @param ids the rows' ids in order
 */
export function useListCursor(ids: readonly number[], { onOpen, onAct, onSearch }: {
  onOpen: (id: number) => void;
  onAct: (ids: number[]) => void;
  onSearch: () => void;
}) {
  const [at, setAt] = useState<number>();
  const [ticked, setTicked] = useState<ReadonlySet<number>>(new Set());
  const current = at !== undefined && ids.includes(at) ? at : undefined;
  const chosen = useMemo(() => new Set(ids.filter((id) => ticked.has(id))), [ids, ticked]);
  const toggle = useCallback((id: number) =>
    setTicked((old) => {
      const next = new Set(old);
      if (!next.delete(id)) next.add(id);
      return next;
    }), []);
  const choose = useCallback((chosen: number[]) => setTicked(new Set(chosen)), []);
  const move = (by: number) => {
    const from = current === undefined ? (by > 0 ? -1 : ids.length) : ids.indexOf(current);
    const next = ids[Math.max(0, Math.min(ids.length - 1, from + by))];
    if (next === undefined) return;
    setAt(next);
    document.querySelector(`[data-row="${next}"]`)?.scrollIntoView({ block: "nearest" });
  };
  useShortcuts({
    j: () => move(1),
    k: () => move(-1),
    x: () => current !== undefined && toggle(current),
    Enter: () => current !== undefined && onOpen(current),
    e: () => {
      if (chosen.size > 0) onAct([...chosen]);
      else if (current !== undefined) onAct([current]);
    },
    "/": onSearch,
    Escape: () => {
      setAt(undefined);
      choose([]);
    },
  });
  return { current, chosen, toggle, choose };
}

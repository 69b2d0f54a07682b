/** The command palette's key: ⌘K, or Ctrl+K; the palette is loaded when it is first opened. */
import { Suspense, useEffect, useState } from "react";
import { late } from "../app/late.ts";

const Palette = late(() => import("./palette.tsx").then((m) => m.Palette));

/** What the navigation's search button sends. */
export const OPEN_COMMANDS = "infraaudit:commands";

/** Listens, and shows the palette. */
export function Commands() {
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey) || event.altKey) return;
      event.preventDefault();
      setOpen((open) => !open);
    };
    const open = () => setOpen(true);
    addEventListener("keydown", onKey);
    addEventListener(OPEN_COMMANDS, open);
    return () => {
      removeEventListener("keydown", onKey);
      removeEventListener(OPEN_COMMANDS, open);
    };
  }, []);
  return <Suspense>{isOpen && <Palette onClose={() => setOpen(false)} />}</Suspense>;
}

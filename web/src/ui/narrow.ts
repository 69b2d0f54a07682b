/** Whether the page is as narrow as a phone: tables then say in one column what else takes several. */
import { useSyncExternalStore } from "react";

/** Tailwind's `max-md`. */
const narrow = matchMedia("(width < 48rem)");

/** Whether it is narrow now; the view is drawn again when that changes. */
export function useNarrow(): boolean {
  return useSyncExternalStore(
    (changed) => {
      narrow.addEventListener("change", changed);
      return () => narrow.removeEventListener("change", changed);
    },
    () => narrow.matches,
  );
}

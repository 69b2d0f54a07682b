/** Whether the view is scrolled down, so that what comes on top would move what is read. */
import { useSyncExternalStore } from "react";

const FAR_PX = 160;

/** Whether it is now; the view is drawn again when that changes. */
export function useIsScrolled(): boolean {
  return useSyncExternalStore(
    (changed) => {
      addEventListener("scroll", changed, { passive: true });
      return () => removeEventListener("scroll", changed);
    },
    () => scrollY > FAR_PX,
  );
}

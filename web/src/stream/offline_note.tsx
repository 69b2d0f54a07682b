/** Says over every view that there is no network. */
import { WifiOff } from "lucide-react";
import { useOnline } from "./presence.ts";

/** A line at the foot of the window while offline; it goes by itself. */
export function OfflineNote() {
  const online = useOnline();
  return (
    <div
      role="status"
      className="pointer-events-none fixed inset-x-0 bottom-4 z-30 flex justify-center px-4 max-md:bottom-18"
    >
      {!online && (
        <span className="inline-flex items-center gap-2 rounded-full bg-ink px-3.5 py-1.5 text-[13px] text-on-ink shadow-pop">
          <WifiOff aria-hidden className="size-4 shrink-0" />
          You're offline. What you see may be out of date.
        </span>
      )}
    </div>
  );
}

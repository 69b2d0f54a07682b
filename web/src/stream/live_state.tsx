/** The word that says whether new drifts arrive by themselves. */
import { classNames } from "../ui/class_names.ts";
import { type LiveStatus, useLive } from "./live_context.ts";

const WORDS: Record<LiveStatus, { text: string; title: string; dot: string }> = {
  live: { text: "Live", title: "New drifts appear by themselves", dot: "bg-good" },
  reconnecting: {
    text: "Reconnecting…",
    title: "Connecting to the event stream",
    dot: "bg-medium animate-pulse",
  },
  offline: { text: "Offline", title: "There is no network; what you see may be old", dot: "bg-danger" },
  refused: {
    text: "Not live",
    title: "The server refuses the event stream; reload to see news",
    dot: "bg-faint",
  },
};

/** Live, reconnecting or offline. */
export function LiveState() {
  const { text, title, dot } = WORDS[useLive().status];
  return (
    <span role="status" title={title} className="inline-flex items-center gap-2 text-xs text-muted">
      <span aria-hidden className={classNames("size-2 rounded-full", dot)} />
      {text}
    </span>
  );
}

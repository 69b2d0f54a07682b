/** The state of the event stream, for every view. */
import { createContext, useContext } from "react";

/** `live`: events arrive; `reconnecting`: a connection is being made; `offline`: there is no network. */
export type LiveStatus = "live" | "reconnecting" | "offline" | "refused";

/** What views know of the stream. */
export interface Live {
  status: LiveStatus;
  /** Drifts that arrived since the list was last looked at. */
  unseen: number;
  /** Ids of drifts that have just arrived. */
  fresh: ReadonlySet<number>;
  markSeen: () => void;
}

export const LiveContext = createContext<Live>({
  status: "reconnecting",
  unseen: 0,
  fresh: new Set(),
  markSeen: () => {},
});

/** The state of the event stream. */
export function useLive(): Live {
  return useContext(LiveContext);
}

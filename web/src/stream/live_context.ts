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
  /** Whether the list of drifts stays as it is, because somebody reads in it. */
  hold: (isHeld: boolean) => void;
}

export const LiveContext = createContext<Live>({
  status: "reconnecting",
  unseen: 0,
  fresh: new Set(),
  markSeen: () => {},
  hold: () => {},
});

/** The state of the event stream. */
export function useLive(): Live {
  return useContext(LiveContext);
}

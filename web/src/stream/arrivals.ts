/** Notes what arrives on the event stream, and has the lists it concerns fetched again. */
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";
import type { StreamEvent } from "../../../shared/contracts/stream.ts";
import { applyNews, type DriftEvent } from "./drift_events.ts";
import { createRefresher } from "./refresher.ts";

const FRESH_MS = 4_000;

/** What has arrived, and where events go. */
export function useArrivals() {
  const queries = useQueryClient();
  const [unseen, setUnseen] = useState(0);
  const [fresh, setFresh] = useState<ReadonlySet<number>>(new Set());
  const desk = useMemo(
    () =>
      createDesk(queries, (arrived) => {
        setUnseen((count) => count + arrived.length);
        setFresh((ids) => new Set([...ids, ...arrived]));
        setTimeout(
          () => setFresh((ids) => new Set([...ids].filter((id) => !arrived.includes(id)))),
          FRESH_MS,
        );
      }),
    [queries],
  );
  useEffect(() => desk.stop, [desk]);
  const markSeen = useCallback(() => setUnseen(0), []);
  return { unseen, fresh, markSeen, receive: desk.receive, hold: desk.hold };
}

/** Gathers events until the next refresh, so that a thousand of them draw the page once. */
function createDesk(queries: QueryClient, onArrived: (ids: number[]) => void) {
  const news = new Map<number, DriftEvent["data"]>();
  const arrived = new Set<number>();
  const refresher = createRefresher(queries, () => {
    applyNews(queries, news);
    if (arrived.size > 0) onArrived([...arrived]);
    news.clear();
    arrived.clear();
  });
  return {
    receive(event: StreamEvent) {
      if (event.type === "connected") return;
      if (event.type === "scan_progress") return refresher.note("resources", "resource");
      news.set(event.data.id, event.data);
      if (event.type === "drift_detected") arrived.add(event.data.id);
      refresher.note("drifts", "drift-summary", "resources", "resource");
    },
    hold: (isHeld: boolean) => refresher.hold("drifts", isHeld),
    stop: refresher.stop,
  };
}

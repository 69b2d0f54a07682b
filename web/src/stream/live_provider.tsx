/** Keeps one event stream open while somebody looks at the page, and refreshes what its events concern. */
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { ApiFailure } from "../../../shared/client/client_failures.ts";
import { watchEvents } from "../../../shared/client/event_reader.ts";
import { useServices } from "../app/services.ts";
import { useSession } from "../session/use_session.ts";
import { useArrivals } from "./arrivals.ts";
import { LiveContext, type LiveStatus } from "./live_context.ts";
import { useOnline, useWatched } from "./presence.ts";

/** Provides {@link LiveContext} to the views inside. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const { api, session } = useServices();
  const state = useSession();
  const online = useOnline();
  const watched = useWatched();
  const [status, setStatus] = useState<LiveStatus>("reconnecting");
  const { unseen, fresh, receive, markSeen, hold } = useArrivals();
  const person = state.status === "signed_in" || state.status === "stale" ? state.userId : undefined;
  const wanted = online && watched ? person : undefined;
  // What was missed while offline or out of sight is replayed from here, for the same person only.
  const last = useRef<{ person?: string; eventId?: string }>({});

  useEffect(() => {
    if (!wanted) return;
    const ending = new AbortController();
    setStatus("reconnecting");
    if (last.current.person !== wanted) last.current = { person: wanted };
    const follow = async () => {
      const onPause = () => setStatus("reconnecting");
      const lastEventId = last.current.eventId;
      for await (const { id, event } of watchEvents(api, { lastEventId, signal: ending.signal, onPause })) {
        if (id) last.current.eventId = id;
        setStatus("live");
        receive(event);
      }
    };
    follow().catch((error) => {
      if (ending.signal.aborted) return;
      setStatus("refused");
      if (error instanceof ApiFailure && error.status === 401 && error.code !== "MFA_REQUIRED") {
        session.expire();
      }
    });
    return () => ending.abort();
  }, [api, session, receive, wanted]);

  const live = useMemo(
    () => ({ status: online ? status : "offline" as const, unseen, fresh, markSeen, hold }),
    [online, status, unseen, fresh, markSeen, hold],
  );
  return <LiveContext value={live}>{children}</LiveContext>;
}

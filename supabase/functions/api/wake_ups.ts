/** Hears from Supabase Realtime that an organization's outbox was written to. Best effort: the tick finds it anyway. */
import { RealtimeClient } from "@supabase/realtime-js";
import type { Env } from "../../../shared/config/env.ts";

/**
 * Listens for an organization.
 * @param wake called when there may be something to read; more often than needed, and perhaps never
 * @returns stops listening
 */
export type ListenForWakeUps = (organizationId: number, wake: () => void) => () => void;

/** After Realtime has closed a channel for good; realtime-js reconnects by itself after anything less. */
const REOPEN_MILLISECONDS = 10_000;
/** After the last channel: by then a connection that was being made has come about or failed. */
const HANG_UP_MILLISECONDS = 2_000;

/** Where Realtime is not to be used. */
export const noWakeUps: ListenForWakeUps = () => () => {};

/**
 * Wake-ups by the broadcasts of `private.wake_streams`, one channel an organization over one socket.
 * @param env its secret key passes row-level security: no other credential may join these private channels
 */
export function realtimeWakeUps(env: Pick<Env, "supabaseUrl" | "secretKey">): ListenForWakeUps {
  const { secretKey } = env;
  const realtime = new RealtimeClient(`${env.supabaseUrl.replace(/^http/, "ws")}/realtime/v1`, {
    params: { apikey: secretKey },
    accessToken: () => Promise.resolve(secretKey),
  });
  return (organizationId, wake) => {
    let reopening: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const open = () =>
      realtime
        .channel(`drift-events:${organizationId}`, { config: { private: true } })
        .on("broadcast", { event: "written" }, wake)
        .subscribe((status) => {
          // What was written before one could hear of it.
          if (status === "SUBSCRIBED") wake();
          if (status === "CLOSED" && !isOver) {
            reopening = setTimeout(() => channel = open(), REOPEN_MILLISECONDS);
          }
        });
    let channel = open();
    return () => {
      isOver = true;
      clearTimeout(reopening);
      void realtime.removeChannel(channel).then(() =>
        setTimeout(() => hangUp(realtime), HANG_UP_MILLISECONDS)
      );
    };
  };
}

/** realtime-js hangs up with its last channel, but a connection that fails just then begins anew, for no listener. */
function hangUp(realtime: RealtimeClient): void {
  if (realtime.getChannels().length === 0) void realtime.disconnect();
}

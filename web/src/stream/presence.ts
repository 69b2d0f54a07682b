/** Whether there is a network and whether anybody looks. */
import { useEffect, useState, useSyncExternalStore } from "react";

const HIDDEN_LIMIT_MS = 60_000;

/** Whether the browser has a network at all. */
export function useOnline(): boolean {
  return useSyncExternalStore(
    (changed) => {
      addEventListener("online", changed);
      addEventListener("offline", changed);
      return () => {
        removeEventListener("online", changed);
        removeEventListener("offline", changed);
      };
    },
    () => navigator.onLine,
  );
}

/**
 * Whether the page is in view, or was a minute ago. Over HTTP/1.1 a browser opens six connections a host:
 * streams of forgotten tabs would use them up.
 */
export function useWatched(): boolean {
  const [watched, setWatched] = useState(true);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      clearTimeout(timer);
      if (!document.hidden) setWatched(true);
      else timer = setTimeout(() => setWatched(false), HIDDEN_LIMIT_MS);
    };
    document.addEventListener("visibilitychange", look);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, []);
  return watched;
}

/** Turns a storm of events into a few requests: collects what they concern, and has it fetched now and then. */
import type { Query, QueryClient } from "@tanstack/react-query";

const FIRST_MS = 150;
const SHORTEST_PAUSE_MS = 750;
/** In a storm, lists that change every second can't be read anyway. */
const LONGEST_PAUSE_MS = 3_000;

/** What {@link createRefresher} gives. */
export interface Refresher {
  /** Notes that queries whose keys begin with these words are out of date. */
  note: (...keys: string[]) => void;
  /** While held, queries of this key are not fetched again. */
  hold: (key: string, isHeld: boolean) => void;
  stop: () => void;
}

/**
 * Makes a refresher. A query is fetched again at most once in 750 ms, and one that is under way is never aborted: what
 * changes meanwhile is fetched after it.
 * @param beforeRefresh told each time, before anything is fetched
 */
export function createRefresher(queries: QueryClient, beforeRefresh: () => void): Refresher {
  const noted = new Set<string>();
  const held = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = -Infinity;
  let pause = SHORTEST_PAUSE_MS;

  const isDue = ({ queryKey: [key] }: Query) => noted.has(String(key)) && !held.has(String(key));
  const arm = () => {
    if (timer) return;
    const calm = performance.now() - last > LONGEST_PAUSE_MS;
    if (calm) pause = SHORTEST_PAUSE_MS;
    timer = setTimeout(refresh, Math.max(FIRST_MS, last + pause - performance.now()));
  };
  const refresh = () => {
    timer = undefined;
    last = performance.now();
    pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS);
    beforeRefresh();
    if (queries.isFetching({ type: "active", predicate: isDue }) > 0) return arm();
    queries.invalidateQueries({ predicate: isDue }, { cancelRefetch: false });
    for (const key of [...noted]) if (!held.has(key)) noted.delete(key);
  };
  return {
    note(...keys) {
      keys.forEach((key) => noted.add(key));
      arm();
    },
    hold(key, isHeld) {
      if (isHeld) held.add(key);
      else if (held.delete(key) && noted.has(key)) arm();
    },
    stop: () => clearTimeout(timer),
  };
}

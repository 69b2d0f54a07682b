/** What an event says of a drift, put into what the page already shows of it. */
import type { QueryClient } from "@tanstack/react-query";
import type { Drift, DriftDetail } from "../../../shared/contracts/drifts.ts";
import type { StreamEvent } from "../../../shared/contracts/stream.ts";

/** An event about one drift. */
export type DriftEvent = Extract<StreamEvent, { type: "drift_detected" | "drift_resolved" }>;

/**
 * Updates lists and single drifts in the cache; rows keep their places.
 * @param news the latest of each drift, by its id
 */
export function applyNews(queries: QueryClient, news: ReadonlyMap<number, DriftEvent["data"]>): void {
  const renew = <Known extends Drift | DriftDetail>(known: Known): Known => {
    const latest = news.get(known.id);
    if (!latest) return known;
    const { severity, status, summary, resource_name } = latest;
    return { ...known, severity, status, summary, resource_name };
  };
  queries.setQueriesData<{ data?: Drift[] }>({ queryKey: ["drifts"] }, (list) => {
    if (!list?.data?.some(({ id }) => news.has(id))) return list;
    return { ...list, data: list.data.map(renew) };
  });
  for (const id of news.keys()) {
    const key = ["drift", String(id)];
    if (!queries.getQueryData(key)) continue;
    queries.setQueryData<DriftDetail>(key, (known) => known && renew(known));
    // Its values, and who changed it, are not in the event.
    queries.invalidateQueries({ queryKey: key }, { cancelRefetch: false });
  }
}

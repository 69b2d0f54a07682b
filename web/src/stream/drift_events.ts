/** What an event says of a drift, put into what the page already shows of it. */
import type { QueryClient } from "@tanstack/react-query";
import { z } from "zod";
import {
  type Drift,
  type DriftDetail,
  DriftSeverity,
  DriftStatus,
} from "../../../shared/contracts/drifts.ts";

/** The part of an event that the views show. */
export const DriftNews = z.object({
  id: z.int().positive(),
  severity: DriftSeverity,
  status: DriftStatus,
  summary: z.string(),
  resource_name: z.string(),
});
export type DriftNews = z.infer<typeof DriftNews>;

/**
 * Updates lists and single drifts in the cache; rows keep their places.
 * @param news the latest of each drift, by its id
 */
export function applyNews(queries: QueryClient, news: ReadonlyMap<number, DriftNews>): void {
  const renew = <Known extends Drift | DriftDetail>(known: Known): Known => {
    const latest = news.get(known.id);
    return latest ? { ...known, ...latest } : known;
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

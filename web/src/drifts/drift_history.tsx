/** The drifts of the last weeks as a chart; loaded after the list, for it brings its own library. */
import { useQuery } from "@tanstack/react-query";
import { listDrifts } from "../../../shared/contracts/drifts.ts";
import type { Client } from "../../../shared/client/client_types.ts";
import { useServices } from "../app/services.ts";
import { countByDay, DriftChart } from "./drift_chart.tsx";

const DAYS = 30;
/** Enough for a bar chart: beyond this many drifts the oldest days may be missing some. */
const MOST_PAGES = 5;

/** The chart with its data. */
export function DriftHistory() {
  const { api } = useServices();
  const recent = useQuery({
    queryKey: ["drifts", "history"],
    queryFn: ({ signal }) => readRecent(api, signal),
    staleTime: 30_000,
  });
  if (recent.isError) return <p className="text-[13px] text-muted">The chart could not be loaded.</p>;
  return recent.data ? <DriftChart days={countByDay(recent.data, DAYS)} /> : null;
}

async function readRecent(api: Client, signal: AbortSignal) {
  const from = new Date(Date.now() - DAYS * 86_400_000).toISOString();
  const drifts = [];
  let pages = 0;
  for await (const { data } of api.pages(listDrifts, {}, { signal })) {
    drifts.push(...data);
    const oldest = data.at(-1)?.detected_at;
    if (!oldest || oldest < from || ++pages === MOST_PAGES) break;
  }
  return drifts;
}

/** How many drifts there are under the filters in force, counted by the server. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { summarizeDrifts } from "../../../shared/contracts/drifts.ts";
import { type DriftSearch, toSummaryQuery } from "../app/search.ts";
import { useServices } from "../app/services.ts";

export const SUMMARY_DAYS = 30;

/** The counts; the chosen severity is left out, so that the others keep their numbers beside it. */
export function useSummary(search: DriftSearch) {
  const { api } = useServices();
  const query = toSummaryQuery({ ...search, severity: undefined });
  return useQuery({
    queryKey: ["drift-summary", query],
    queryFn: ({ signal }) => {
      const utc_offset = -new Date().getTimezoneOffset();
      return api.call(summarizeDrifts, { query: { ...query, days: SUMMARY_DAYS, utc_offset } }, { signal });
    },
    placeholderData: keepPreviousData,
  });
}

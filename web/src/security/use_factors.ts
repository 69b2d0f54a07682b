/** The person's second factors, and setting one up with Supabase's own client. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getSecondFactors } from "../../../shared/contracts/second_factor.ts";
import { useServices } from "../app/services.ts";

export const FACTORS_KEY = ["second-factors"];

/** What one has set up, and whether one must. */
export function useFactors() {
  const { api } = useServices();
  return useQuery({
    queryKey: FACTORS_KEY,
    queryFn: ({ signal }) => api.call(getSecondFactors, {}, { signal }),
  });
}

/** Forgets what was refused for want of a second factor: it may be answered now. */
export function useStartOver() {
  const queries = useQueryClient();
  return () => queries.resetQueries();
}

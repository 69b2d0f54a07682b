/** What the palette finds by words: resources, drifts and keys. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Boxes, GitCompareArrows, KeyRound } from "lucide-react";
import { useEffect, useState } from "react";
import { listApiKeys } from "../../../shared/contracts/api_keys.ts";
import { listDrifts } from "../../../shared/contracts/drifts.ts";
import { listResources } from "../../../shared/contracts/resources.ts";
import { useServices } from "../app/services.ts";
import { useCan } from "../session/use_session.ts";
import type { Command } from "./use_commands.ts";

const TYPING_PAUSE_MS = 200;
const SHORTEST = 2;
const MOST_OF_EACH = 5;

/** Matches of a text, and whether they are still looked for. */
export function useFindings(text: string): { commands: Command[]; isLooking: boolean } {
  const { api } = useServices();
  const navigate = useNavigate();
  const maySeeKeys = useCan("api_keys:read");
  const q = usePaused(text.trim());
  const enabled = q.length >= SHORTEST;
  const query = { q, per_page: MOST_OF_EACH };
  const shared = { enabled, placeholderData: keepPreviousData } as const;
  const resources = useQuery({
    queryKey: ["resources", "found", q],
    queryFn: ({ signal }) => api.call(listResources, { query }, { signal }),
    ...shared,
  });
  const drifts = useQuery({
    queryKey: ["drifts", "found", q],
    queryFn: ({ signal }) =>
      api.call(listDrifts, { query: { ...query, sort: "status,-severity,-detected_at" } }, { signal }),
    ...shared,
  });
  const keys = useQuery({
    queryKey: ["api-keys"],
    queryFn: ({ signal }) => api.call(listApiKeys, {}, { signal }),
    enabled: enabled && maySeeKeys,
  });
  const isLooking = text.trim().length >= SHORTEST &&
    (text.trim() !== q || [resources, drifts, keys].some(({ isFetching }) => isFetching));
  if (!enabled) return { commands: [], isLooking };
  return {
    isLooking,
    commands: [
      ...resources.data?.data.map(({ id, name, resource_type }) => ({
        id: `resource-${id}`,
        name,
        hint: resource_type,
        Icon: Boxes,
        run: () => void navigate({ to: "/resources/$id", params: { id: String(id) } }),
      })) ?? [],
      ...drifts.data?.data.map(({ id, summary, resource_name }) => ({
        id: `drift-${id}`,
        name: summary,
        hint: resource_name,
        Icon: GitCompareArrows,
        run: () => void navigate({ to: "/drifts/$id", params: { id: String(id) } }),
      })) ?? [],
      ...keys.data?.filter(({ name, prefix }) => `${name} ${prefix}`.toLowerCase().includes(q.toLowerCase()))
        .slice(0, MOST_OF_EACH).map(({ id, name, prefix }) => ({
          id: `key-${id}`,
          name,
          hint: `${prefix}_…`,
          Icon: KeyRound,
          run: () => void navigate({ to: "/settings/api-keys/$id", params: { id: String(id) } }),
        })) ?? [],
    ],
  };
}

/** A text as it was when typing last paused. */
function usePaused(text: string): string {
  const [paused, setPaused] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(text), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return paused;
}

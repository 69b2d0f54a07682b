/** The session and the person as hooks. */
import { useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import type { Permission } from "../../../shared/contracts/permissions.ts";
import { getMe } from "../../../shared/contracts/session.ts";
import { useServices } from "../app/services.ts";
import type { SessionState } from "./session_store.ts";

/** The session's state; the view is drawn again when it changes. */
export function useSession(): SessionState {
  const { session } = useServices();
  return useSyncExternalStore(session.subscribe, session.get);
}

/** The person with role, organization and permissions. */
export function useMe() {
  const { api } = useServices();
  return useQuery({
    queryKey: ["me"],
    queryFn: ({ signal }) => api.call(getMe, {}, { signal }),
    staleTime: 60_000,
  });
}

/**
 * Whether an action is worth offering. A hint only: Postgres decides.
 * @returns false also while it is not known yet
 */
export function useCan(permission: Permission): boolean {
  return useMe().data?.permissions.includes(permission) ?? false;
}

/** Everything a view works with, made once at the start and handed down by context. */
import type { GoTrueClient } from "@supabase/auth-js";
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { createClient } from "../../../shared/client/client.ts";
import { ApiFailure } from "../../../shared/client/client_failures.ts";
import type { Client } from "../../../shared/client/client_types.ts";
import type { PageConfig } from "../../page_config.ts";
import { isUnreachable } from "../api/explain.ts";
import { SESSION_KEY } from "../session/session_key.ts";
import { createSessionStore, type SessionStore } from "../session/session_store.ts";

/** What a view works with. */
export interface Services {
  config: PageConfig;
  /** Supabase's client, loaded when there is a session or one is to be had. */
  auth: () => Promise<GoTrueClient>;
  session: SessionStore;
  api: Client;
  queries: QueryClient;
}

const RETRIES = 2;
const LONGEST_RETRY_MS = 5_000;

/**
 * Connects the page to its deployment.
 * @param config with absolute URLs
 */
export function createServices(config: PageConfig): Services {
  const session = createSessionStore(
    () => import("../session/auth_client.ts").then(({ createAuthClient }) => createAuthClient(config)),
    SESSION_KEY,
  );
  const onError = (error: unknown) => {
    if (!(error instanceof ApiFailure)) return;
    // A wrong password says nothing of the session one has.
    // Nor does a second factor that is missing: the shell asks for it.
    if (error.status === 401 && !/^(?:INVALID_CREDENTIALS|MFA_REQUIRED)$/.test(error.code)) session.expire();
    if (error.code === "REAUTHENTICATION_REQUIRED") session.demandRecent();
  };
  const queries: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, { queryKey }) => {
        onError(error);
        const isNews = error instanceof ApiFailure && error.code === "MFA_REQUIRED" && queryKey[0] !== "me";
        if (isNews) void queries.invalidateQueries({ queryKey: ["me"] });
      },
    }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      // Tried offline too: a view says that it is, and what a person does is never sent behind their back later.
      mutations: { networkMode: "always" },
      queries: {
        networkMode: "always",
        refetchOnReconnect: true,
        staleTime: 10_000,
        retry: (count, error) => isUnreachable(error) || (count < RETRIES && mayPass(error)),
        retryDelay: (count) => Math.min(1000 * 2 ** count, LONGEST_RETRY_MS),
      },
    },
  });
  // What waits for its next try need not wait any longer.
  addEventListener("online", () => queries.refetchQueries({ type: "active", predicate: isWaiting }));
  const api = createClient({ baseUrl: config.api_base, credential: session.credential });
  return { config, auth: session.client, session, api, queries };
}

function isWaiting({ state }: { state: { fetchFailureCount: number } }): boolean {
  return state.fetchFailureCount > 0;
}

/** A refusal stays a refusal; what a busy server did may be gone on the next try. */
function mayPass(error: unknown): boolean {
  return !(error instanceof ApiFailure) || error.status >= 500;
}

export const ServicesContext = createContext<Services | undefined>(undefined);

/** The services of this page. */
export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (!services) throw new Error("no services: the view is outside the page");
  return services;
}

/** Which ways in Supabase Auth offers beside a password: what it says of itself, asked once. */
import { useQuery } from "@tanstack/react-query";
import { useServices } from "../app/services.ts";

/** Providers that the page has a button for: Auth's name, and people's. */
const PROVIDERS = [
  { id: "github", name: "GitHub" },
  { id: "google", name: "Google" },
  { id: "azure", name: "Microsoft" },
] as const;

export type Provider = typeof PROVIDERS[number];

/** Providers that are on, and whether passkeys are. */
export interface WaysIn {
  providers: Provider[];
  hasPasskeys: boolean;
}

const NONE: WaysIn = { providers: [], hasPasskeys: false };

/** The ways in; none while they are not known, for a password works in any case. */
export function useWaysIn(): WaysIn {
  const { config } = useServices();
  const { data } = useQuery({
    queryKey: ["ways-in"],
    staleTime: Infinity,
    retry: false,
    queryFn: async ({ signal }): Promise<WaysIn> => {
      const headers = { apikey: config.publishable_key };
      const answer = await fetch(`${config.supabase_url}/auth/v1/settings`, { headers, signal });
      if (!answer.ok) return NONE;
      const { external, passkeys_enabled } = await answer.json();
      return {
        providers: PROVIDERS.filter(({ id }) => external?.[id] === true),
        hasPasskeys: passkeys_enabled === true && "PublicKeyCredential" in globalThis,
      };
    },
  });
  return data ?? NONE;
}

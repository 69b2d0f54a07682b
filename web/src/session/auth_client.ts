/** Supabase's auth client, as the page uses it; a file of its own, because views before sign-in do without. */
import { GoTrueClient } from "@supabase/auth-js";
import type { PageConfig } from "../../page_config.ts";
import { SESSION_KEY } from "./session_key.ts";

/** Makes the client; it reads what was kept, and renews it by itself. */
export function createAuthClient(config: PageConfig): GoTrueClient {
  return new GoTrueClient({
    url: `${config.supabase_url}/auth/v1`,
    headers: { apikey: config.publishable_key },
    storageKey: SESSION_KEY,
    // With PKCE a recovery link carries a code that is worthless elsewhere, never a token.
    flowType: "pkce",
    detectSessionInUrl: false,
  });
}

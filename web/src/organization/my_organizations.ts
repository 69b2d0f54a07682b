/** The organizations one belongs to, asked of Supabase's Data API, where row-level security answers. */
import { z } from "zod";
import { NetworkFailure, toApiFailure } from "../../../shared/client/client_failures.ts";
import { OrganizationRef } from "../../../shared/contracts/session.ts";
import type { PageConfig } from "../../page_config.ts";
import type { SessionStore } from "../session/session_store.ts";

/**
 * Lists one's organizations by name.
 * @throws ApiFailure when the Data API refuses
 */
export async function listMyOrganizations(config: PageConfig, session: SessionStore, signal: AbortSignal) {
  const url = `${config.supabase_url}/rest/v1/rpc/my_organizations`;
  const headers = {
    apikey: config.publishable_key,
    authorization: `Bearer ${await session.credential()}`,
  };
  const response = await fetch(url, { headers, signal }).catch((error) => {
    throw signal.aborted ? error : new NetworkFailure(config.supabase_url, String(error), error);
  });
  if (!response.ok) throw await toApiFailure(response);
  return z.array(OrganizationRef).parse(await response.json());
}

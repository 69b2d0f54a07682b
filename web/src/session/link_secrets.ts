/** Takes what a mailed link carries out of the address bar, before anything else can see or keep it. */
import type { GoTrueClient } from "@supabase/auth-js";
import { INVITE_PAGE_PATH } from "../../../shared/contracts/invite_page.ts";
import { pendingInvite } from "./pending_invite.ts";

/** What a link carried: a code or tokens of Supabase Auth. */
export type LinkSecret = { code: string } | { access_token: string; refresh_token: string } | undefined;

/**
 * Reads and removes code, tokens and invitation from the page's address. An invitation is kept for this tab.
 * @returns what Supabase Auth put there, for {@link redeem}
 */
export function takeLinkSecrets(): LinkSecret {
  const query = new URLSearchParams(location.search);
  const fragment = new URLSearchParams(location.hash.slice(1));
  const take = (name: string) => {
    const value = fragment.get(name) ?? query.get(name);
    query.delete(name);
    return value;
  };
  const invite = location.pathname === INVITE_PAGE_PATH ? take("token") : null;
  if (invite) pendingInvite.keep(invite);
  const code = take("code");
  const access_token = fragment.get("access_token");
  const refresh_token = fragment.get("refresh_token");
  if (!invite && !code && !access_token) return undefined;
  const rest = query.size > 0 ? `?${query}` : "";
  history.replaceState(history.state, "", location.pathname + rest);
  if (code) return { code };
  return access_token && refresh_token ? { access_token, refresh_token } : undefined;
}

/** Trades what a link carried for a session. A link that no longer works leaves things as they are. */
export async function redeem(loadAuth: () => Promise<GoTrueClient>, secret: LinkSecret): Promise<void> {
  if (!secret) return;
  const auth = await loadAuth();
  if ("code" in secret) await auth.exchangeCodeForSession(secret.code);
  else await auth.setSession(secret);
}

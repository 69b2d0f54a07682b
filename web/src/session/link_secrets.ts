/** Takes what a mailed link carries out of the address bar, before anything else can see or keep it. */
import type { GoTrueClient } from "@supabase/auth-js";
import { INVITE_PAGE_PATH } from "../../../shared/contracts/invite_page.ts";
import { pendingInvite } from "./pending_invite.ts";
import type { SessionState } from "./session_store.ts";

/** Where mails lead: confirming an address to the site itself, an invitation and a new password to their views. */
const MAILED_PATHS = ["/", INVITE_PAGE_PATH, "/reset-password"];

/** What a link carried: a code or tokens of Supabase Auth. */
export type LinkSecret = { code: string } | { access_token: string; refresh_token: string } | undefined;

/**
 * Reads and removes code, tokens and invitation from the page's address. An invitation is kept for this tab. Tokens
 * are taken only where a mail leads: anywhere else somebody made the link by hand.
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
  for (const name of ["error", "error_code", "error_description", "sb"]) query.delete(name);
  const rest = query.size > 0 ? `?${query}` : "";
  history.replaceState(history.state, "", location.pathname + rest);
  if (code) return { code };
  if (!access_token || !refresh_token || !MAILED_PATHS.includes(location.pathname)) return undefined;
  return { access_token, refresh_token };
}

/**
 * Trades what a link carried for a session. A link that no longer works leaves things as they are.
 * @param current who is signed in
 * @param maySwitch asked when that is somebody else: their session ends by it
 */
export async function redeem(
  loadAuth: () => Promise<GoTrueClient>,
  secret: LinkSecret,
  current: SessionState,
  maySwitch: (from: string, to: string) => Promise<boolean>,
): Promise<void> {
  if (!secret) return;
  // Good only in the browser that asked for the link.
  if ("code" in secret) return void await (await loadAuth()).exchangeCodeForSession(secret.code);
  const other = readPerson(secret.access_token);
  const isAnother = current.status !== "signed_out" && current.userId !== other.id;
  if (isAnother && !await maySwitch(current.email, other.email)) return;
  await (await loadAuth()).setSession(secret);
}

/** Whose a token says it is; whether that is true, Supabase Auth says when it is used. */
function readPerson(token: string): { id: string; email: string } {
  try {
    const claims = token.split(".")[1]!.replaceAll("-", "+").replaceAll("_", "/");
    const { sub, email } = JSON.parse(
      new TextDecoder().decode(Uint8Array.from(atob(claims), (byte) => byte.charCodeAt(0))),
    );
    return { id: String(sub), email: String(email) };
  } catch {
    return { id: "", email: "somebody else" };
  }
}

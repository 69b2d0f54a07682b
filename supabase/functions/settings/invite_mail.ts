/** Mails an invitation through Supabase Auth, which has the project's mail settings and templates. */
import type { AuthError } from "@supabase/auth-js";
import { INVITE_PAGE_PATH } from "../../../shared/contracts/invite_page.ts";
import type { Deps } from "../../../shared/http/deps.ts";
import type { Env } from "../../../shared/config/env.ts";
import { describeCause } from "../../../shared/config/log.ts";
import type { RequestFacts } from "../../../shared/auth/key_token.ts";
import { createAuthAdmin, createAuthClient } from "../../../shared/auth/supabase_auth.ts";

/**
 * The link to hand over by oneself: its token stands in the fragment, which no server ever sees.
 * @returns such as `https://app.example.com/invite#token=ia_invite_…`
 */
export function inviteLink(env: Pick<Env, "webBaseUrl">, token: string): string {
  return `${env.webBaseUrl}${INVITE_PAGE_PATH}#token=${token}`;
}

/**
 * Mails a link that signs the invited person in and brings them to the web page with the token. Somebody new gets
 * Supabase Auth's invitation; who has an account, for whom Auth refuses that, gets its sign-in link.
 * @returns false when Auth would not send it; why stands in the log
 */
export async function sendInviteMail(
  deps: Pick<Deps, "env" | "log">,
  email: string,
  token: string,
  facts: RequestFacts,
): Promise<boolean> {
  const started = performance.now();
  // In the query, for Auth puts the new session into the fragment.
  const redirectTo = `${deps.env.webBaseUrl}${INVITE_PAGE_PATH}?token=${token}`;
  // Secret key: only an operator of the project may invite at Supabase Auth.
  let { error }: { error: AuthError | null } = await createAuthAdmin(deps.env).inviteUserByEmail(email, {
    redirectTo,
  });
  if (error?.code === "email_exists" || error?.code === "user_already_exists") {
    ({ error } = await createAuthClient(deps.env, facts.address).signInWithOtp({
      email,
      options: { shouldCreateUser: false, emailRedirectTo: redirectTo },
    }));
  }
  if (error) {
    deps.log({
      level: "warn",
      request_id: facts.request_id,
      method: "POST",
      route: "/auth/v1/invite",
      status: error.status ?? 0,
      ms: Math.round(performance.now() - started),
      cause: describeCause(error),
    });
  }
  return error === null;
}

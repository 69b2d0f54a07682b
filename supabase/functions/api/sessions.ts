/** Sessions over HTTP: Supabase Auth issues and ends them, this API adds who the person is here. */
import { createHash } from "node:crypto";
import { login, logout, refresh, register, type Session } from "../../../shared/contracts/session.ts";
import type { RequestFacts } from "../../../shared/auth/key_token.ts";
import {
  type AuthTokens,
  createAuthClient,
  exchangeRefreshToken,
  unwrapAuth,
} from "../../../shared/auth/supabase_auth.ts";
import {
  recordRecovery,
  recordRefusedSignIn,
  recordSessionStart,
  recordSignOut,
} from "../../../shared/auth/audit_record.ts";
import type { Principal } from "../../../shared/auth/principal.ts";
import { completeSignIn } from "../../../shared/auth/second_factor.ts";
import { unwrap } from "../../../shared/db/unwrap.ts";
import { ApiError } from "../../../shared/errors/api_error.ts";
import type { App } from "../../../shared/http/base_app.ts";
import type { Deps } from "../../../shared/http/deps.ts";
import { Reply } from "../../../shared/http/call.ts";
import { openRoute, route } from "../../../shared/http/route.ts";
import { onTheBeat, sleepUntil } from "../../../shared/http/pace.ts";

/** A refused sign-in takes at least this long, so that its time does not tell whether the email is known. */
const REFUSED_SIGN_IN_MILLISECONDS = 500;
/** Longer than a registration takes: its time must not tell whether the email is known. */
const REGISTRATION_BEAT_MILLISECONDS = 500;

export function addSessionRoutes(app: App, deps: Deps): void {
  openRoute(app, deps, login, async ({ body, address, facts }) => {
    const started = performance.now();
    try {
      const { tokens, isRecovered } = await deps.signInLimits.attempt(body.email, address, async () => {
        const { email, password, ...proof } = body;
        const auth = createAuthClient(deps.env, address);
        const first = unwrapAuth(await auth.signInWithPassword({ email, password }));
        return await completeSignIn(deps, auth, first, proof);
      });
      return await toNewSession(deps, tokens, facts, isRecovered);
    } catch (error) {
      if (error instanceof ApiError && error.code === "INVALID_CREDENTIALS") {
        await recordRefusedSignIn(deps.service, body.email, facts);
      }
      await sleepUntil(started + REFUSED_SIGN_IN_MILLISECONDS);
      throw error;
    }
  });

  openRoute(app, deps, register, async ({ body, address, facts }) => {
    const { email, password, ...data } = body;
    const { session } = await onTheBeat(REGISTRATION_BEAT_MILLISECONDS, async () => {
      await deps.signInLimits.admitRegistration(address);
      return unwrapAuth(
        await createAuthClient(deps.env, address).signUp({ email, password, options: { data } }),
      );
    });
    if (!session) return new Reply(202, { message: "Confirm your email address, then sign in." });
    return await toNewSession(deps, session, facts);
  });

  openRoute(app, deps, refresh, async ({ body, address }) => {
    const tokens = await exchangeRefreshToken(deps.env, address, body.refresh_token);
    await spendOnce(deps, body.refresh_token);
    return (await toSession(deps, tokens)).answer;
  });

  route(app, deps, logout, async ({ body, principal, caller, address, facts }) => {
    const { api_key_id, session_id, user_id } = await principal();
    if (api_key_id !== null) {
      throw new ApiError("UNPROCESSABLE", "An API key has no session to end. Revoke the key instead.");
    }
    const scope = body?.scope ?? "local";
    // Service key: Supabase Auth does not know tokens without a session, so their end is ours to note.
    if (scope === "global") {
      unwrap(await deps.service.rpc("end_sessionless_tokens", { p_user_id: user_id }));
    } else if (session_id === null) {
      const p_issued_at = new Date(caller.issuedAt! * 1000).toISOString();
      const p_expires_at = new Date(caller.expiresAt! * 1000).toISOString();
      unwrap(
        await deps.service.rpc("end_sessionless_token", { p_user_id: user_id, p_issued_at, p_expires_at }),
      );
      // Auth takes "this session" of a token that has none for all sessions of its person.
      return await recordSignOut(deps.service, await principal(), facts, scope);
    }
    unwrapAuth(await createAuthClient(deps.env, address).admin.signOut(await caller.dataToken(), scope));
    await recordSignOut(deps.service, await principal(), facts, scope);
  });
}

async function toNewSession(
  deps: Deps,
  tokens: AuthTokens,
  facts: RequestFacts,
  isRecovered = false,
): Promise<Session> {
  const { principal, answer } = await toSession(deps, tokens);
  if (principal.session_id) await recordSessionStart(deps.service, principal.session_id, facts);
  if (isRecovered) await recordRecovery(deps.service, principal, facts);
  return answer;
}

/** Also for somebody who has yet to set up a second factor: the session can do nothing else. */
async function toSession(
  deps: Deps,
  session: AuthTokens,
): Promise<{ principal: Principal; answer: Session }> {
  const claims = await deps.verifier.verify(session.access_token);
  const { principal } = await deps.desk.admitSession(claims, { counted: false, acceptsAal1: true });
  const answer: Session = {
    user: { id: principal.profile_id, email: principal.email, role: principal.role },
    token: session.access_token,
    refresh_token: session.refresh_token,
    expires_at: claims.expiresAt,
    token_type: "bearer",
  };
  return { principal, answer };
}

/**
 * After the exchange, so that an outage in between costs no one their session; of two exchanges at once, one wins.
 * @throws ApiError TOKEN_INVALID for a token that was exchanged before
 */
async function spendOnce(deps: Deps, refreshToken: string): Promise<void> {
  const hash = createHash("sha256").update(refreshToken).digest("hex");
  // Service key: the token is the only credential here, and the caller may not look at what others have spent.
  const isFirst = unwrap(await deps.service.rpc("spend_refresh_token", { p_hash: hash }));
  if (!isFirst) throw new ApiError("TOKEN_INVALID", "The refresh token is no longer valid.");
}

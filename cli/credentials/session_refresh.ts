/** Keeps a stored session alive: renewed shortly before its end, by one process at a time, never lost. */
import { refresh, type Session } from "../../shared/contracts/session.ts";
import { ApiFailure, NetworkFailure } from "../../shared/client/client_failures.ts";
import type { Client } from "../../shared/client/client_types.ts";
import { assertWritable, changeConfig, keyPath } from "../config/config_file.ts";
import type { StoredAuth } from "../config/config_schema.ts";
import { profileOf, type Settings } from "../config/settings.ts";
import { CliFailure, EXIT } from "../exit_codes.ts";
import type { Secrets } from "../terminal/secrets.ts";
import { loginCommand, readExpiry, signInNeeded } from "./credential_source.ts";

/** A session is renewed when it ends within this time, so that a long command does not outlive it. */
export const RENEW_BEFORE_END_MS = 60_000;

/** What renewing needs. */
export interface RefreshTools {
  settings: Settings;
  secrets: Secrets;
  /** Only its endpoints without a credential are used. */
  client: Client;
  note: (line: string) => Promise<void>;
  now?: () => number;
}

/**
 * Gives the profile's access token, renewed where its end is near or the server has refused it.
 * @param refused the token that was answered with `TOKEN_EXPIRED`
 * @throws CliFailure when the session has ended or the renewed one could not be stored
 */
export async function freshToken(tools: RefreshTools, refused?: string): Promise<string> {
  const { settings } = tools;
  const stored = settings.profile.auth;
  if (stored?.token && !isDue(stored, refused, tools.now)) return stored.token;
  const { path } = settings.config;
  try {
    // Before the single-use token is spent: could its successor be kept?
    await assertWritable(path);
  } catch (error) {
    if (stored?.token && !hasEnded(stored, tools.now) && !refused) return stored.token;
    throw error;
  }
  return await changeConfig(path, async (config) => {
    const auth = profileOf(config, settings.profileName)?.auth;
    if (!auth?.token) throw signInNeeded(settings);
    tools.secrets.add(auth.token, auth.refresh_token);
    settings.profile = { ...settings.profile, auth };
    // Another process may have renewed it while this one waited for the lock.
    if (!isDue(auth, refused, tools.now) || !auth.refresh_token) return auth.token;
    const session = await renew(tools, auth);
    if (!session) return auth.token;
    tools.secrets.add(session.token, session.refresh_token);
    storeSession(config.document, settings.profileName, session, auth.server_url ?? settings.serverUrl);
    settings.profile = { ...settings.profile, auth: toStoredAuth(session, settings.serverUrl) };
    return session.token;
  });
}

/** Puts a session into the document, in place of whatever credential was there. */
export function storeSession(
  document: { setIn(path: string[], value: unknown): void },
  profileName: string,
  session: Session,
  serverUrl: string,
): void {
  document.setIn(keyPath(profileName, "auth"), toStoredAuth(session, serverUrl));
}

function toStoredAuth(session: Session, serverUrl: string): StoredAuth {
  return {
    email: session.user.email,
    token: session.token,
    refresh_token: session.refresh_token,
    expires_at: new Date(session.expires_at * 1000).toISOString(),
    server_url: serverUrl,
  };
}

/** Asks for a new session; `undefined` when the network failed and the old token still has some time. */
async function renew(tools: RefreshTools, auth: StoredAuth): Promise<Session | undefined> {
  try {
    return await tools.client.call(refresh, { body: { refresh_token: auth.refresh_token ?? "" } });
  } catch (error) {
    const isTransient = error instanceof NetworkFailure ||
      (error instanceof ApiFailure && error.status >= 429);
    if (isTransient && !hasEnded(auth, tools.now)) {
      await tools.note(`The session could not be renewed yet: ${error.message}`);
      return undefined;
    }
    if (error instanceof ApiFailure && (error.status === 401 || error.status === 400)) {
      const message = `Your session has ended: ${error.message}`;
      throw new CliFailure(EXIT.SIGN_IN, message, {
        next: loginCommand(tools.settings),
        requestId: error.requestId,
        cause: error,
      });
    }
    throw error;
  }
}

function isDue(auth: StoredAuth, refused: string | undefined, now = Date.now): boolean {
  if (refused !== undefined) return auth.token === refused;
  const end = endOf(auth);
  return end !== undefined && end - now() < RENEW_BEFORE_END_MS;
}

function hasEnded(auth: StoredAuth, now = Date.now): boolean {
  const end = endOf(auth);
  return end !== undefined && end <= now();
}

function endOf(auth: StoredAuth): number | undefined {
  const text = auth.expires_at ?? (auth.token ? readExpiry(auth.token) : undefined);
  const end = text === undefined ? NaN : Date.parse(text);
  return Number.isNaN(end) ? undefined : end;
}

/** `infraudit auth logout`: ends the session on the server, then forgets it. */
import { ApiFailure, NetworkFailure } from "../../shared/client/client_failures.ts";
import { logout } from "../../shared/contracts/session.ts";
import type { App } from "../app.ts";
import { assertWritable, changeConfig, keyPath } from "../config/config_file.ts";
import { freshToken } from "../credentials/session_refresh.ts";
import { findCredential, signInNeeded } from "../credentials/credential_source.ts";
import { CliFailure, EXIT } from "../exit_codes.ts";
import { printDone } from "../output/print.ts";
import type { LogoutOptions } from "./auth.ts";
import { warnOfEnvironment } from "./auth_login.ts";

/** Signs out the stored credential; variables of the environment are left alone. */
export async function runLogout(app: App, options: LogoutOptions): Promise<void> {
  const settings = await app.settings();
  const { auth } = settings.profile;
  if (!auth?.token && !auth?.api_key) {
    await warnOfEnvironment(app);
    throw signInNeeded(settings);
  }
  const { path } = settings.config;
  await assertWritable(path);
  const isSession = !auth.api_key;
  if (isSession && !options.local) await endSession(app, options.all ? "global" : "local");
  await changeConfig(path, ({ document }) => {
    document.deleteIn(keyPath(settings.profileName, "auth"));
  });
  const who = auth.email ? ` ${auth.email}` : "";
  const isEnded = isSession && !options.local;
  const said = isEnded
    ? `Signed out${who}; ${path} no longer holds the session.`
    : isSession
    ? `Forgot the session of${who}; it stays valid on the server until it expires.`
    : `Forgot the API key; it still works. To end it: infraudit api-keys revoke ID`;
  await printDone(app, { email: auth.email ?? null, ended_on_server: isEnded }, said);
  await warnOfEnvironment(app);
}

async function endSession(app: App, scope: "local" | "global"): Promise<void> {
  const settings = await app.settings();
  // Only the stored session: the environment's token is somebody else's to end.
  findCredential(settings, {});
  const client = await app.anonymousClient();
  const tools = { settings, secrets: app.secrets, client, note: (line: string) => app.note(line) };
  try {
    const token = await freshToken(tools);
    await (await app.clientAs(token)).call(logout, { body: { scope } }, { signal: app.signal });
  } catch (error) {
    // A session that is already dead is signed out.
    if (error instanceof ApiFailure && error.status === 401) return;
    if (error instanceof CliFailure && error.exitCode === EXIT.SIGN_IN && error.cause) return;
    if (!(error instanceof NetworkFailure) && !(error instanceof ApiFailure)) throw error;
    const message = `The session could not be ended at the server, so it was kept. ${error.message}`;
    throw new CliFailure(EXIT.SERVER, message, {
      next: "the same command again, or only forget it here: infraudit logout --local",
      requestId: error instanceof ApiFailure ? error.requestId : undefined,
      cause: error,
    });
  }
}

/** What `infraudit status` does. */
import { getReadiness } from "../../shared/contracts/health.ts";
import { whoami } from "../../shared/contracts/session.ts";
import type { App } from "../app.ts";
import { findCredential } from "../credentials/credential_source.ts";
import { printRecord } from "../output/print.ts";
import { whoamiFields } from "./auth_status.ts";

/**
 * Asks the server how it is, then who you are. A server that is not ready is a failure that names what is
 * down; having no credential is not one, having a dead one is.
 */
export async function runStatus(app: App): Promise<void> {
  const settings = await app.settings();
  const options = { signal: app.signal };
  const readiness = await (await app.anonymousClient()).call(getReadiness, {}, options);
  const isSignedIn = findCredential(settings, app.env) !== undefined;
  const identity = isSignedIn ? await (await app.client()).call(whoami, {}, options) : null;
  const body = { server_url: settings.serverUrl, ...readiness, whoami: identity };
  await printRecord(app, body, [
    ["server", settings.serverUrl],
    ["status", readiness.status],
    ...Object.entries(readiness.checks),
    ...(identity ? whoamiFields(identity) : [["signed in", "no"] as [string, string]]),
  ], readiness.status);
}

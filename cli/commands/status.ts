/** `infraudit status`: whether the server can serve, and who one is there. */
import type { Command } from "commander";
import { getReadiness } from "../../shared/contracts/health.ts";
import { whoami } from "../../shared/contracts/session.ts";
import type { App } from "../app.ts";
import { findCredential } from "../credentials/credential_source.ts";
import { printRecord } from "../output/print.ts";
import { whoamiFields } from "./auth_status.ts";

export function newStatusCommand(parent: Command, app: App, run = runStatus): void {
  parent.command("status")
    .description("whether the server can serve, and who one is there")
    .action(() => run(app));
}

/**
 * Asks the server how it is, then who one is. A server that is not ready is a failure that names what is
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

/** `infraudit auth whoami`, `status` and `token`: what the credential is, where it is from, and itself. */
import { ApiFailure } from "../../shared/client/client_failures.ts";
import { type WhoAmI, whoami } from "../../shared/contracts/session.ts";
import type { App } from "../app.ts";
import { findCredential, readExpiry, renewalStep, signInNeeded } from "../credentials/credential_source.ts";
import { CliFailure, EXIT } from "../exit_codes.ts";
import { printRaw, printRecord } from "../output/print.ts";
import type { Cell } from "../output/record.ts";
import type { StatusOptions } from "./auth.ts";

/** Prints what the server says about the credential. */
export async function runWhoami(app: App): Promise<void> {
  const answer = await (await app.client()).call(whoami, {}, { signal: app.signal });
  await printRecord(app, answer, whoamiFields(answer), answer.user.email);
}

/** The fields of an answer of whoami, for people. */
export function whoamiFields(answer: WhoAmI): [string, Cell][] {
  return [
    ["user", answer.user.email],
    ["organization", answer.organization.name],
    ["role", answer.role],
    ["credential", answer.type === "api_key" ? "API key" : "session"],
    ["key", answer.api_key ? `${answer.api_key.name} (${answer.api_key.prefix}_…)` : undefined],
    ["permissions", answer.permissions.join(", ")],
    ["expires", answer.expires_at ?? "never"],
  ];
}

/** Prints which credential is used; fails with exit code 4 when there is none or it is dead. */
export async function runAuthStatus(app: App, options: StatusOptions): Promise<void> {
  const settings = await app.settings();
  const found = findCredential(settings, app.env);
  if (!found) throw signInNeeded(settings);
  const kinds = { token: "access token", api_key: "API key", session: "session" };
  const answer = options.offline
    ? undefined
    : await (await app.client()).call(whoami, {}, { signal: app.signal }).catch((error: unknown) => {
      if (!(error instanceof ApiFailure) || error.status !== 401) throw error;
      const message = `The ${kinds[found.kind]} from ${found.source} no longer works: ${error.message}`;
      throw new CliFailure(EXIT.SIGN_IN, message, {
        next: renewalStep(settings, found),
        requestId: error.requestId,
      });
    });
  // Asking may have renewed a stored session: what is said is what holds now.
  const now = findCredential(settings, app.env) ?? found;
  const body = {
    server_url: settings.serverUrl,
    profile: settings.profileName,
    credential: now.kind,
    source: now.source,
    email: answer?.user.email ?? now.email ?? null,
    expires_at: answer?.expires_at ?? now.expiresAt ?? null,
    checked: answer !== undefined,
  };
  if (app.flags.quiet) return;
  await printRecord(app, body, [
    ["server", `${body.server_url} (${settings.serverUrlSource})`],
    ["profile", body.profile],
    ["credential", `${kinds[now.kind]} from ${now.source}`],
    ["user", body.email],
    ["expires", body.expires_at ?? (answer ? "never" : "unknown")],
    ["checked", answer ? "the server accepts it" : "not asked"],
  ], now.kind);
}

/** Prints the credential alone, renewed where due: for scripts. */
export async function runToken(app: App): Promise<void> {
  const credential = await app.credential();
  const { output } = await app.settings();
  if (output === "table" || app.flags.quiet) return await app.terminal.data(`${credential}\n`);
  await printRaw(app, { token: credential, expires_at: readExpiry(credential) ?? null });
}

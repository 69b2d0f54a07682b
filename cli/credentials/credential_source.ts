/** Which credential a run uses and where it came from: environment before file. */
import { CliFailure, EXIT } from "../exit_codes.ts";
import { DEFAULT_PROFILE } from "../words.ts";
import type { StoredAuth } from "../config/config_schema.ts";
import type { Environment, Settings } from "../config/settings.ts";

export type CredentialKind = "token" | "api_key" | "session";

/** A credential as found, before anything was asked of the server. */
export interface FoundCredential {
  /** A bare token and a key are used as they are; a session is renewed when it ends. */
  kind: CredentialKind;
  value: string;
  /** Where from, for the person: a variable's name or the file's path. */
  source: string;
  email?: string;
  /** When it ends, where that is known without asking; RFC 3339. */
  expiresAt?: string;
}

/**
 * Finds the credential for the server that is to be asked.
 * @returns `undefined` when there is none
 * @throws CliFailure when the stored one was issued by another server: it is never sent elsewhere
 */
export function findCredential(settings: Settings, env: Environment): FoundCredential | undefined {
  if (env.INFRAUDIT_TOKEN) {
    const value = checkHeaderValue(env.INFRAUDIT_TOKEN, "INFRAUDIT_TOKEN");
    return { kind: "token", value, source: "INFRAUDIT_TOKEN", expiresAt: readExpiry(value) };
  }
  if (env.INFRAUDIT_API_KEY) {
    const value = checkHeaderValue(env.INFRAUDIT_API_KEY, "INFRAUDIT_API_KEY");
    return { kind: "api_key", value, source: "INFRAUDIT_API_KEY" };
  }
  const auth = settings.profile.auth;
  const value = auth?.api_key ?? auth?.token;
  if (!auth || !value) return undefined;
  assertIssuedBy(settings, auth);
  return {
    kind: auth.api_key ? "api_key" : "session",
    value: checkHeaderValue(value, settings.config.path),
    source: settings.config.path,
    email: auth.email,
    expiresAt: auth.api_key ? undefined : auth.expires_at ?? readExpiry(value),
  };
}

/** The failure of a command that needs a credential where there is none. */
export function signInNeeded(settings: Settings): CliFailure {
  const { profileName, serverUrl } = settings;
  const profile = profileName === DEFAULT_PROFILE ? "" : ` with profile ${profileName}`;
  return new CliFailure(EXIT.SIGN_IN, `You are not signed in to ${serverUrl}${profile}.`, {
    next: `${loginCommand(settings)}, or set INFRAUDIT_API_KEY`,
  });
}

/** The sign-in command for these settings, as the person would type it. */
export function loginCommand(settings: Settings): string {
  return settings.profileName === DEFAULT_PROFILE
    ? "infraudit login"
    : `infraudit --profile ${settings.profileName} login`;
}

/** What helps when the server no longer takes a credential: that depends on where it came from. */
export function renewalStep(settings: Settings, found: FoundCredential): string {
  const login = loginCommand(settings);
  const hasStored = Boolean(settings.profile.auth);
  switch (found.source) {
    case "INFRAUDIT_TOKEN":
    case "INFRAUDIT_API_KEY": {
      const instead = hasStored ? "to use the stored credential instead" : `then: ${login}`;
      return `set ${found.source} to a valid one, or unset it ${instead}`;
    }
  }
  return found.kind === "api_key"
    ? `store another key: ${login} --api-key-stdin, or sign in: ${login}`
    : login;
}

/**
 * When a token ends by its own claim; never trusted for more than a hint.
 * @returns RFC 3339, or `undefined` when it is not a readable JWT
 */
export function readExpiry(token: string): string | undefined {
  try {
    const claims = JSON.parse(atob((token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/")));
    return typeof claims.exp === "number" ? new Date(claims.exp * 1000).toISOString() : undefined;
  } catch {
    return undefined;
  }
}

function assertIssuedBy(settings: Settings, auth: StoredAuth): void {
  if (!auth.server_url || auth.server_url === settings.serverUrl) return;
  const message =
    `The credential in ${settings.config.path} is for ${auth.server_url}, not for ${settings.serverUrl}.`;
  throw new CliFailure(EXIT.SIGN_IN, message, {
    next: `infraudit --profile NAME --server ${settings.serverUrl} login`,
  });
}

/** A line break or other control character would make the header invalid, and the error quote it. */
function checkHeaderValue(value: string, source: string): string {
  const trimmed = value.trim();
  if (/^[\x21-\x7e]+$/.test(trimmed)) return trimmed;
  throw new CliFailure(EXIT.USAGE, `The credential in ${source} contains characters that no credential has.`);
}

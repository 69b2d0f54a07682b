/** `infraudit auth login`: a session by email and password, or an API key, into the configuration file. */
import { ApiFailure } from "../../shared/client/client_failures.ts";
import { login, logout, type Session, whoami } from "../../shared/contracts/session.ts";
import type { App } from "../app.ts";
import { assertWritable, changeConfig, keyPath } from "../config/config_file.ts";
import { storeSession } from "../credentials/session_refresh.ts";
import { CliFailure, EXIT } from "../exit_codes.ts";
import { printDone } from "../output/print.ts";
import { askSecret, askText, askYesNo, readSecretFromStdin } from "../terminal/prompt.ts";
import type { LoginOptions } from "./auth.ts";

/** Signs in. Nothing is asked of the server before the file is known to be writable. */
export async function runLogin(app: App, options: LoginOptions): Promise<void> {
  app.secrets.add(options.password, options.apiKey);
  const { config, profile } = await app.settings();
  await assertWritable(config.path);
  if (options.apiKey !== undefined || options.apiKeyStdin) return await storeKey(app, options);
  if (options.oidc) return await (await import("./auth_login_oidc.ts")).runOidcLogin(app, options);
  if (options.web || await isBrowserWanted(app, options)) {
    return await (await import("./auth_login_web.ts")).runWebLogin(app);
  }
  const email = options.email ?? await askText(app.terminal, "--email", "Email", profile.auth?.email);
  const password = await passwordFrom(app, options);
  const session = await signIn(app, { email, password, totp: options.totp });
  await keepSession(app, session);
  const { email: signedIn, role } = session.user;
  await printDone(
    app,
    { email: signedIn, role, stored_in: config.path },
    `Signed in as ${signedIn}${role ? ` (${role})` : ""}; stored in ${config.path}.`,
  );
  await warnOfEnvironment(app);
}

/** On a terminal the browser comes first: it knows password managers, second factors and providers. */
async function isBrowserWanted(app: App, options: LoginOptions): Promise<boolean> {
  const isTyped = options.email !== undefined || options.password !== undefined || options.passwordStdin;
  if (isTyped || !app.terminal.canAsk) return false;
  return await askYesNo(app.terminal, "--email", "Sign in with the browser?", true);
}

/** Signs in by password, and asks for the code of an authenticator app where there is one. */
async function signIn(
  app: App,
  credentials: { email: string; password: string; totp?: string },
): Promise<Session> {
  const client = await app.anonymousClient();
  try {
    return await client.call(login, { body: credentials }, { signal: app.signal });
  } catch (error) {
    const isCodeMissing = error instanceof ApiFailure && error.code === "MFA_REQUIRED" && !credentials.totp;
    if (!isCodeMissing) throw error;
    const totp = await askText(app.terminal, "--totp", "Code of your authenticator app");
    return await client.call(login, { body: { ...credentials, totp } }, { signal: app.signal });
  }
}

/** The password from its flag, standard input or the prompt, remembered as a secret. */
export async function passwordFrom(
  app: App,
  options: { password?: string; passwordStdin?: boolean },
): Promise<string> {
  const password = options.password ??
    (options.passwordStdin
      ? await readSecretFromStdin("--password-stdin")
      : await askSecret(app.terminal, "--password-stdin", "Password"));
  app.secrets.add(password);
  if (options.password !== undefined && app.terminal.isTalkTty) {
    await app.note(
      "A password on the command line stays in your shell's history; one typed at the prompt does not.",
    );
  }
  return password;
}

/**
 * Stores a session with the server it is for. If that fails after all, the session is ended again:
 * one that no one holds must not stay alive.
 */
export async function keepSession(app: App, session: Session): Promise<void> {
  app.secrets.add(session.token, session.refresh_token);
  const { config, profileName, serverUrl } = await app.settings();
  try {
    await changeConfig(config.path, ({ document }) => {
      document.setIn(keyPath(profileName, "server_url"), serverUrl);
      storeSession(document, profileName, session, serverUrl);
    });
  } catch (error) {
    await (await app.clientAs(session.token)).call(logout).catch(() => {});
    throw error;
  }
}

/** A stored credential is no use while a variable goes before it. */
export async function warnOfEnvironment(app: App): Promise<void> {
  const name = ["INFRAUDIT_TOKEN", "INFRAUDIT_API_KEY"].find((variable) => app.env[variable]);
  if (name) {
    await app.warn(
      `${name} is set and goes before the stored credential. To use what is stored: unset ${name}`,
    );
  }
}

async function storeKey(app: App, options: LoginOptions): Promise<void> {
  await keepKey(app, (options.apiKey ?? await readSecretFromStdin("--api-key-stdin")).trim());
}

/** Stores a key with the server it is for, once the server says that it works. */
export async function keepKey(app: App, key: string): Promise<void> {
  app.secrets.add(key);
  if (!/^ia_(live|test)_[0-9A-Za-z_]+$/.test(key)) {
    throw new CliFailure(EXIT.USAGE, "That is not an API key: keys begin with ia_live_ or ia_test_.");
  }
  const { config, profileName, serverUrl } = await app.settings();
  const client = await app.clientAs(key);
  // A key that does not work is not stored.
  const answer = await client.call(whoami, {}, { signal: app.signal });
  await changeConfig(config.path, ({ document }) => {
    document.setIn(keyPath(profileName, "server_url"), serverUrl);
    document.setIn(keyPath(profileName, "auth"), {
      email: answer.user.email,
      api_key: key,
      server_url: serverUrl,
    });
  });
  const name = answer.api_key?.name ?? "";
  await printDone(
    app,
    { email: answer.user.email, api_key: name, stored_in: config.path },
    `Stored the key ${name} of ${answer.user.email} in ${config.path}.`,
  );
  await warnOfEnvironment(app);
}

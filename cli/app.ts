/** What a command works with: settings, credential, client and outputs, each made when first needed. */
import process from "node:process";
import { createClient } from "../shared/client/client.ts";
import type { Client } from "../shared/client/client_types.ts";
import { type Environment, type GlobalFlags, resolveSettings, type Settings } from "./config/settings.ts";
import { findCredential, loginCommand, signInNeeded } from "./credentials/credential_source.ts";
import { freshToken } from "./credentials/session_refresh.ts";
import { debugFetch } from "./debug_fetch.ts";
import { CliFailure, EXIT, type ExitCode } from "./exit_codes.ts";
import { Secrets } from "./terminal/secrets.ts";
import { openTerminal, type Terminal } from "./terminal/terminal.ts";
import { VERSION } from "./version.ts";

/** The commands that may name a profile which is not there yet: they make it. */
const PROFILE_MAKERS = ["auth login", "auth register", "config init", "config set"];
const USER_AGENT = `infraudit/${VERSION} (${process.platform}; ${process.arch})`;

/** Hosts to which plain http is no risk. */
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** One run of the command. */
export class App {
  readonly secrets = new Secrets();
  readonly terminal: Terminal = openTerminal(this.secrets, () => this.flags.color !== false);
  readonly env: Environment = process.env;
  /** Ends running requests when the person interrupts. */
  readonly signal: AbortSignal;
  /** Set once the arguments are parsed. */
  flags: GlobalFlags = {};
  /** The words of the command that runs, such as `["drifts", "list"]`. */
  commandPath: string[] = [];
  /** What a command that ran through ends with. */
  exitCode: ExitCode = EXIT.OK;
  /** What a refusal by the API ends with. */
  refusedExitCode: ExitCode = EXIT.REFUSED;
  #settings?: Promise<Settings>;
  #client?: Promise<Client>;

  constructor(signal: AbortSignal) {
    this.signal = signal;
    this.secrets.add(this.env.INFRAUDIT_TOKEN, this.env.INFRAUDIT_API_KEY);
  }

  /** The settings of this run; the file is read once. */
  settings(): Promise<Settings> {
    this.#settings ??= this.#loadSettings();
    return this.#settings;
  }

  /** The client as whoever is signed in; finding no credential is a failure of the call, not of this. */
  client(): Promise<Client> {
    this.#client ??= this.settings().then((settings) =>
      this.#makeClient(settings, (refused) => this.credential(refused))
    );
    return this.#client;
  }

  /** A client for endpoints that need no credential. */
  anonymousClient(): Promise<Client> {
    return this.clientAs(undefined);
  }

  /** A client with a credential of its own. */
  async clientAs(credential: string | undefined): Promise<Client> {
    return this.#makeClient(await this.settings(), () => Promise.resolve(credential));
  }

  /** The credential of this run, a stored session renewed where due. Throws CliFailure when there is none. */
  async credential(refused?: string): Promise<string> {
    const settings = await this.settings();
    const found = findCredential(settings, this.env);
    if (!found) throw signInNeeded(settings);
    if (found.kind !== "session") return found.value;
    const client = await this.anonymousClient();
    return await freshToken(
      { settings, secrets: this.secrets, client, note: (line) => this.note(line) },
      refused,
    );
  }

  /** Says something that is not data; silent with `--quiet`. */
  async note(line: string): Promise<void> {
    if (!this.flags.quiet) await this.terminal.talk(line);
  }

  /** Says something the person should know even with `--quiet`. */
  async warn(line: string): Promise<void> {
    await this.terminal.talk(`${this.terminal.talkColors.yellow("warning:")} ${line}`);
  }

  async #loadSettings(): Promise<Settings> {
    const settings = await resolveSettings(this.flags, this.env);
    if (!settings.isProfileKnown && !PROFILE_MAKERS.includes(this.commandPath.join(" "))) {
      // A mistyped name must not fall back to the default server.
      const message = `There is no profile "${settings.profileName}" in ${settings.config.path}.`;
      throw new CliFailure(EXIT.USAGE, message, {
        next: `infraudit config list, or: ${loginCommand(settings)}`,
      });
    }
    const { auth } = settings.profile;
    this.secrets.add(auth?.token, auth?.refresh_token, auth?.api_key);
    if (settings.config.isExposed && auth) {
      const { path } = settings.config;
      await this.warn(`${path} holds a credential and can be read by others: chmod 600 ${path}`);
    }
    const { protocol, hostname, origin } = new URL(settings.serverUrl);
    if (protocol === "http:" && !LOOPBACK.test(hostname)) {
      await this.warn(`${origin} is asked without encryption: credentials can be read on the way.`);
    }
    return settings;
  }

  #makeClient(settings: Settings, credential: (refused?: string) => Promise<string | undefined>): Client {
    const say = (line: string) => this.terminal.talk(this.terminal.talkColors.dim(line));
    return createClient({
      baseUrl: settings.serverUrl,
      credential,
      headers: { "user-agent": USER_AGENT },
      fetch: this.flags.debug ? debugFetch(say) : undefined,
    });
  }
}

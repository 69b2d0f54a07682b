/** What a command works with: settings, credential, client and outputs, each loaded when first needed. */
import process from "node:process";
import type { Client } from "../shared/client/client_types.ts";
import type { Environment, GlobalFlags, Settings } from "./config/settings.ts";
import type { FoundCredential } from "./credentials/credential_source.ts";
import { CliFailure, EXIT, type ExitCode } from "./exit_codes.ts";
import { Secrets } from "./terminal/secrets.ts";
import { openTerminal, type Terminal } from "./terminal/terminal.ts";
import { VERSION } from "./version.ts";

/** The commands that may name a profile which is not there yet: they make it. */
const PROFILE_MAKERS = ["auth login", "login", "auth register", "config init", "config set"];
const USER_AGENT = `infraudit/${VERSION} (${process.platform}; ${process.arch})`;

/** Hosts to which plain http is no risk. */
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** One run of the command. */
export class App {
  readonly secrets = new Secrets();
  readonly terminal: Terminal = openTerminal(this.secrets, () => this.flags);
  readonly env: Environment = process.env;
  /** Ends running requests when the person interrupts, or when `--timeout` is over. */
  readonly signal: AbortSignal;
  readonly #timeLimit = new AbortController();
  /** Set once the arguments are parsed. */
  flags: GlobalFlags = {};
  /** The words of the command that runs, such as `["drifts", "list"]`. */
  commandPath: string[] = [];
  /** What a command that ran through ends with. */
  exitCode: ExitCode = EXIT.OK;
  /** What a refusal by the API ends with. */
  refusedExitCode: ExitCode = EXIT.REFUSED;
  /** The credential that was sent last, for the hints of a refusal. */
  usedCredential?: FoundCredential;
  #settings?: Promise<Settings>;
  #client?: Promise<Client>;

  constructor(signal: AbortSignal) {
    this.signal = AbortSignal.any([signal, this.#timeLimit.signal]);
    this.secrets.add(this.env.INFRAUDIT_TOKEN, this.env.INFRAUDIT_API_KEY);
  }

  /** Ends whatever still runs after so many seconds. */
  limitTime(seconds: number): void {
    const failure = new CliFailure(EXIT.SERVER, `It was not done within ${seconds} s (--timeout).`, {
      next: "the same command with a longer --timeout",
    });
    setTimeout(() => this.#timeLimit.abort(failure), seconds * 1000).unref();
  }

  /** The settings of this run; the file is read once. */
  settings(): Promise<Settings> {
    this.#settings ??= this.#loadSettings();
    return this.#settings;
  }

  /** The client with the credential of this run; finding none is a failure of the call, not of this. */
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
    return await this.#makeClient(await this.settings(), () => Promise.resolve(credential));
  }

  /** The credential of this run, a stored session renewed where due. Throws CliFailure when there is none. */
  async credential(refused?: string): Promise<string> {
    const settings = await this.settings();
    const { findCredential, signInNeeded } = await import("./credentials/credential_source.ts");
    const found = findCredential(settings, this.env);
    if (!found) throw signInNeeded(settings);
    this.usedCredential = found;
    if (found.kind !== "session") return found.value;
    const { freshToken } = await import("./credentials/session_refresh.ts");
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
    const { resolveSettings } = await import("./config/settings.ts");
    const settings = await resolveSettings(this.flags, this.env);
    if (!settings.isProfileKnown && !PROFILE_MAKERS.includes(this.commandPath.join(" "))) {
      // A mistyped name must not fall back to the default server.
      const message = `There is no profile "${settings.profileName}" in ${settings.config.path}.`;
      throw new CliFailure(EXIT.USAGE, message, {
        next: `infraudit profile list, or to make it: infraudit --profile ${settings.profileName} login`,
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

  async #makeClient(
    settings: Settings,
    credential: (refused?: string) => Promise<string | undefined>,
  ): Promise<Client> {
    const [{ createClient }, { makeFetch }] = await Promise.all([
      import("../shared/client/client.ts"),
      import("./network/make_fetch.ts"),
    ]);
    const say = (line: string) => this.terminal.talk(this.terminal.talkColors.dim(line));
    return createClient({
      baseUrl: settings.serverUrl,
      credential,
      headers: { "user-agent": USER_AGENT },
      retry: {
        attempts: 4,
        longestPauseMs: 60_000,
        onPause: (reason, delayMs) => {
          const seconds = Math.max(1, Math.round(delayMs / 1000));
          void this.note(`${reason.replace(/[.!]$/, "")}. Trying again in ${seconds} s…`);
        },
      },
      fetch: await makeFetch(this.env, settings.serverUrl, this.flags.debug ? say : undefined),
    });
  }
}

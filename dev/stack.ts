/** The local stack in one call: database, Auth, Data API, edge functions and web page on one port. */
import { fileURLToPath } from "node:url";
import type { Log } from "../shared/config/log.ts";
import type { Database } from "./database/database.ts";
import { createEmbeddedServer } from "./auth/embedded_server.ts";
import { functionVariables, loadFunctions } from "./gateway/functions.ts";
import type { AuthProject, AuthServer } from "./gateway/auth_server.ts";
import { type GatewayParts, route } from "./gateway/gateway.ts";
import { openMailbox } from "./auth/mailbox.ts";
import { openDatabase } from "./open_database.ts";
import { listen } from "./gateway/server.ts";
import { startSchedule } from "./gateway/schedule.ts";
import type { Settings } from "./auth/project_settings.ts";
import { type PrivateJwk, readSigningKeys } from "./auth/signing_keys.ts";
import { createTokens } from "./auth/tokens.ts";

/** How to start; every field has a default. */
export interface StackOptions {
  /** 0 picks a free one. */
  port?: number | undefined;
  /** Data lives in memory and ends with the stack. */
  ephemeral?: boolean | undefined;
  /** A Postgres server's URL, in place of the embedded database. */
  databaseUrl?: string | undefined;
  /** Where data is kept, when neither of the above is asked for. */
  folder?: string | undefined;
  /** A file of private JWKs, in place of the kept key. */
  signingKeysFile?: string | undefined;
  /** The HS256 secret, in place of the kept one. */
  legacyJwtSecret?: string | undefined;
  rateLimits?: boolean | undefined;
  web?: boolean | undefined;
  /** New users must follow a mailed link before they can sign in. */
  confirmEmail?: boolean | undefined;
  /** False where nothing happens by itself, as a test may want it. */
  schedule?: boolean | undefined;
  /** Where the functions' log lines go; nowhere by default. */
  log?: Log | undefined;
  /**
   * Starts the Auth server that answers in place of the embedded one; its schema and ours are in `databaseUrl` already
   * (scripts/auth_database.ts).
   */
  authServer?: ((project: AuthProject) => Promise<AuthServer>) | undefined;
  /** More variables for the functions, such as a shorter stream. */
  variables?: Record<string, string> | undefined;
}

/** A running stack. */
export interface Stack {
  /** Such as `http://127.0.0.1:54321`. */
  readonly url: string;
  readonly publishableKey: string;
  readonly secretKey: string;
  readonly jwtSecret: string;
  /** The `iss` of its access tokens. */
  readonly issuer: string;
  /** The private key in use: its holder can make any token. */
  readonly signingKey: PrivateJwk;
  /** Full rights on the database. */
  readonly database: Pick<Database, "query" | "version">;
  /** Ends it; a second call does nothing more. */
  stop(): Promise<void>;
}

const ROOT = new URL("../", import.meta.url);

/**
 * Starts the stack and waits until it can serve.
 * @throws StackError when a person can put it right: port taken, folder in use or broken, wrong version
 */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const server = listen(options.port ?? 54321);
  const closers: (() => Promise<void> | void)[] = [() => server.close()];
  const stop = async () => {
    for (const close of closers.splice(0)) await close();
  };
  try {
    const givenKeys = options.signingKeysFile === undefined
      ? undefined
      : await readSigningKeys(options.signingKeysFile);
    const { database, settings: kept, close } = await openDatabase(
      { ...options, folder: options.folder ?? fileURLToPath(new URL(".infraaudit", ROOT)) },
      ROOT,
      `${server.url}/auth/v1`,
    );
    closers.push(close);
    const settings: Settings = { ...kept, jwtSecret: options.legacyJwtSecret ?? kept.jwtSecret };
    const keys = givenKeys ?? [kept.signingJwk];
    const signingKey = keys[0]!;
    const tokens = await createTokens(keys, settings.jwtSecret, settings.issuer);
    const mailbox = openMailbox(database);
    const variables = {
      ...functionVariables(server.url, settings, signingKey, options.rateLimits ?? true),
      ...options.variables,
    };
    const functions = await loadFunctions(ROOT, variables, options.log ?? (() => {}));
    // First no new work, then no new requests, then what is under way, then the database.
    closers.splice(1, 0, functions.settled);
    if (options.schedule !== false) {
      const schedule = startSchedule({ supabaseUrl: server.url, jobsSecret: variables.JOBS_SECRET! });
      closers.splice(2, 0, schedule.settled);
      closers.unshift(schedule.stop);
    }
    const confirmEmail = options.confirmEmail ?? false;
    const authServer = await options.authServer?.({
      url: server.url,
      settings,
      keys,
      mailbox,
      confirmEmail,
    });
    if (authServer) closers.push(() => authServer.close());
    const parts: GatewayParts = {
      database,
      settings,
      tokens,
      mailbox,
      authServer,
      server: createEmbeddedServer(database, { siteUrl: server.url, email: mailbox, confirmEmail }),
      functions,
      webFolder: options.web === false ? undefined : new URL("web/dist/", ROOT),
    };
    server.serve((request, address) => route(request, address, parts));
    return {
      url: server.url,
      publishableKey: settings.publishableKey,
      secretKey: settings.secretKey,
      jwtSecret: settings.jwtSecret,
      issuer: settings.issuer,
      signingKey,
      database,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What a function is given: built once from the environment, shared by all requests of an isolate. */
import { AdmissionDesk } from "../auth/admission.ts";
import { Authenticator } from "../auth/authenticator.ts";
import { Jwks } from "../auth/jwks.ts";
import { createKeyPolicy } from "../auth/key_policy.ts";
import { KeyTokenMint } from "../auth/key_token.ts";
import { OidcIssuers } from "../auth/oidc_issuers.ts";
import { SignInLimits } from "../auth/sign_in_limits.ts";
import { TicketDesk } from "../auth/ticket_desk.ts";
import { TokenVerifier } from "../auth/token_verifier.ts";
import { WebhookCourier } from "../webhooks/courier.ts";
import { createServiceDatabase, type ServiceDatabase } from "../db/client.ts";
import { Telemetry } from "../telemetry/telemetry.ts";
import { runInBackground } from "./background.ts";
import type { Env } from "../config/env.ts";
import { type Log, logToConsole } from "../config/log.ts";

export interface Deps {
  readonly env: Env;
  readonly log: Log;
  readonly jwks: Jwks;
  /** Key sets of the identity providers that trust policies name. */
  readonly issuers: OidcIssuers;
  readonly verifier: TokenVerifier;
  readonly desk: AdmissionDesk;
  readonly authenticator: Authenticator;
  readonly signInLimits: SignInLimits;
  readonly tickets: TicketDesk;
  /** Awaited before keys are made or changed: Postgres then knows the deployment's rule for that. */
  readonly keyPolicy: () => Promise<void>;
  /** Goes on with work after its request's answer; what can't be lost is a job. */
  readonly background: (work: Promise<unknown>) => void;
  /** Takes the news to the organizations' webhooks. */
  readonly courier: WebhookCourier;
  /** Where the environment names a collector or an error tracker. */
  readonly telemetry: Telemetry | undefined;
  /** Past row-level security; each use says why. */
  readonly service: ServiceDatabase;
}

/**
 * Builds what the functions share.
 * @param options.log where request lines go; standard output by default
 * @param options.background where work goes that outlives its request; to the platform by default
 */
export function createDeps(
  env: Env,
  options: { log?: Log; background?: (work: Promise<unknown>) => void } = {},
): Deps {
  const jwks = new Jwks({ url: `${env.supabaseUrl}/auth/v1/.well-known/jwks.json`, inline: env.inlineJwks });
  const verifier = new TokenVerifier({ jwks, issuers: env.issuers, jwtSecret: env.jwtSecret });
  const service = createServiceDatabase(env.supabaseUrl, env.secretKey);
  const desk = new AdmissionDesk({
    database: service,
    pepper: env.pepper,
    requestsPerMinute: env.requestsPerMinute,
    failedKeysPerMinute: env.failedKeysPerMinute,
  });
  const background = options.background ?? runInBackground;
  const mint = new KeyTokenMint({ signingJwk: env.keySigningJwk, issuer: env.issuers[0]! });
  const tickets = new TicketDesk(service, env.requestsPerMinute);
  return {
    env,
    log: options.log ?? logToConsole,
    jwks,
    issuers: new OidcIssuers({ localOrigins: env.localOidcOrigins }),
    verifier,
    desk,
    authenticator: new Authenticator(verifier, desk, mint, tickets),
    signInLimits: new SignInLimits({
      database: service,
      pepper: env.pepper,
      limits: env.signInLimits,
    }),
    tickets,
    keyPolicy: createKeyPolicy(service, env.keyAdminMaxAuthAgeSeconds),
    background,
    telemetry: env.telemetry && new Telemetry(env.telemetry, background),
    courier: new WebhookCourier({
      database: service,
      secretKeys: env.webhookSecretKeys,
      timeoutMilliseconds: env.webhookTimeoutMilliseconds,
      acceptsLoopback: env.isLocal,
    }),
    service,
  };
}

/** A real Supabase Auth server as a process of its own, set up as a hosted project's is. */
import type { AuthProject, AuthServer } from "../dev/gateway/auth_server.ts";
import type { JWK } from "jose";
import { type MailReceiver, receiveMail } from "./mail_receiver.ts";

/** A private key as Auth takes it: an EC key of the project's, or an octet key. */
export type SigningJwk = JWK & { kid: string };

/** A server that can be started anew with other keys, behind the same stack. */
export interface RealAuthServer extends AuthServer {
  /** The first signs, all verify. */
  restartWith(keys: readonly SigningJwk[]): Promise<void>;
}

const START_TRIES = 100;
const TRY_MILLISECONDS = 100;

/**
 * Starts it and waits until it answers.
 * @param binary of Supabase Auth
 * @param databaseUrl of Auth's own role
 * @param variables over those of a project
 * @throws Error with what it said, when it ends or stays silent
 */
export async function startAuthServer(
  binary: string,
  databaseUrl: string,
  project: AuthProject,
  variables: Record<string, string> = {},
): Promise<RealAuthServer> {
  const receiver = receiveMail((mail) => project.mailbox.send(mail as never));
  const port = freePort();
  const url = `http://127.0.0.1:${port}`;
  const start = async (keys: readonly SigningJwk[]) => {
    const child = new Deno.Command(binary, {
      args: ["serve"],
      clearEnv: true,
      env: { ...settings(databaseUrl, port, project, keys, receiver), ...variables },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const said = new Response(child.stderr).text();
    if (!await answers(url, child)) {
      throw new Error(`Supabase Auth did not start:\n${await said}`);
    }
    return async () => {
      child.kill("SIGTERM");
      await child.status;
      const crash = (await said).split("\n").filter((line) => /"level":"(?:error|panic|fatal)"/.test(line));
      // deno-lint-ignore no-console
      if (Deno.env.has("SUPABASE_AUTH_TALK")) console.error(crash.join("\n"));
    };
  };
  let stop: () => Promise<void>;
  try {
    stop = await start(project.keys);
  } catch (error) {
    await receiver.close();
    throw error;
  }
  return {
    url,
    restartWith: async (keys) => {
      await stop();
      stop = await start(keys);
    },
    close: async () => {
      await stop();
      await receiver.close();
    },
  };
}

/** As `supabase start` and the platform set them; limits are wide, for tests ask often. */
function settings(
  databaseUrl: string,
  port: number,
  { url, settings, confirmEmail }: AuthProject,
  keys: readonly SigningJwk[],
  receiver: MailReceiver,
): Record<string, string> {
  const asAuthTakes = keys.map((key, index) => ({
    ...key,
    use: "sig",
    key_ops: index === 0 ? ["sign", "verify"] : ["verify"],
  }));
  const verify = `${url}/auth/v1/verify`;
  return {
    PORT: String(port),
    GOTRUE_API_HOST: "127.0.0.1",
    GOTRUE_DB_DRIVER: "postgres",
    GOTRUE_DB_MAX_POOL_SIZE: "5",
    GOTRUE_DB_MIGRATIONS_PATH: "",
    DATABASE_URL: databaseUrl,
    API_EXTERNAL_URL: `${url}/auth/v1`,
    GOTRUE_SITE_URL: url,
    GOTRUE_URI_ALLOW_LIST: `${url}/**`,
    GOTRUE_JWT_SECRET: settings.jwtSecret,
    GOTRUE_JWT_KEYS: JSON.stringify(asAuthTakes),
    GOTRUE_JWT_VALID_METHODS: "HS256,ES256",
    GOTRUE_JWT_ISSUER: settings.issuer,
    GOTRUE_JWT_AUD: "authenticated",
    GOTRUE_JWT_DEFAULT_GROUP_NAME: "authenticated",
    GOTRUE_JWT_ADMIN_ROLES: "supabase_admin,service_role",
    GOTRUE_JWT_EXP: "3600",
    GOTRUE_DISABLE_SIGNUP: "false",
    GOTRUE_EXTERNAL_EMAIL_ENABLED: "true",
    GOTRUE_MAILER_AUTOCONFIRM: String(!confirmEmail),
    GOTRUE_MAILER_SECURE_EMAIL_CHANGE_ENABLED: "true",
    ...Object.fromEntries(
      ["CONFIRMATION", "INVITE", "RECOVERY", "EMAIL_CHANGE"].map((kind) => [
        `GOTRUE_MAILER_URLPATHS_${kind}`,
        verify,
      ]),
    ),
    GOTRUE_SMTP_HOST: "127.0.0.1",
    GOTRUE_SMTP_PORT: String(receiver.port),
    GOTRUE_SMTP_ADMIN_EMAIL: "auth@example.com",
    GOTRUE_SMTP_SENDER_NAME: "Auth",
    GOTRUE_SMTP_MAX_FREQUENCY: "1ns",
    GOTRUE_RATE_LIMIT_EMAIL_SENT: "100000",
    ...Object.fromEntries(
      ["VERIFY", "TOKEN_REFRESH", "OTP", "ANONYMOUS_USERS"].map((kind) => [
        `GOTRUE_RATE_LIMIT_${kind}`,
        "100000",
      ]),
    ),
    GOTRUE_MFA_RATE_LIMIT_CHALLENGE_AND_VERIFY: "100000",
    GOTRUE_MFA_TOTP_ENROLL_ENABLED: "true",
    GOTRUE_MFA_TOTP_VERIFY_ENABLED: "true",
    GOTRUE_HOOK_MFA_VERIFICATION_ATTEMPT_ENABLED: "true",
    GOTRUE_HOOK_MFA_VERIFICATION_ATTEMPT_URI: "pg-functions://postgres/private/judge_factor_attempt",
    GOTRUE_PASSWORD_MIN_LENGTH: "6",
    GOTRUE_SECURITY_REFRESH_TOKEN_ROTATION_ENABLED: "true",
    GOTRUE_SECURITY_REFRESH_TOKEN_REUSE_INTERVAL: "10",
    GOTRUE_SECURITY_SB_FORWARDED_FOR_ENABLED: "true",
    GOTRUE_LOG_LEVEL: "error",
  };
}

async function answers(url: string, child: Deno.ChildProcess): Promise<boolean> {
  let ended = false;
  child.status.then(() => ended = true);
  for (let tries = 0; tries < START_TRIES && !ended; tries++) {
    const answer = await fetch(`${url}/health`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return true;
    await new Promise((resolve) => setTimeout(resolve, TRY_MILLISECONDS));
  }
  if (!ended) child.kill("SIGKILL");
  return false;
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

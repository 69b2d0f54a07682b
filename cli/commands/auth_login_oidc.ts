/** `infraudit auth login --oidc`: a pipeline shows who it is, and gets a key that lives minutes. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { exchangeToken, ID_TOKEN_TYPE, TOKEN_EXCHANGE_GRANT } from "../../shared/contracts/token_exchange.ts";
import type { App } from "../app.ts";
import { CliFailure, EXIT } from "../exit_codes.ts";
import type { LoginOptions } from "./auth.ts";
import { keepKey } from "./auth_login.ts";

const DEFAULT_AUDIENCE = "infraaudit";
const ASK_TIMEOUT_MS = 10_000;

/** Signs in by the id token of the pipeline this runs in. */
export async function runOidcLogin(app: App, options: LoginOptions): Promise<void> {
  const organization = options.organization ?? app.env.INFRAUDIT_ORGANIZATION;
  if (!organization) {
    throw new CliFailure(EXIT.USAGE, "Say which organization: --organization ID or INFRAUDIT_ORGANIZATION.", {
      next: "infraudit auth whoami --json organization, signed in elsewhere",
    });
  }
  const token = await findIdToken(app, options.audience ?? app.env.INFRAUDIT_AUDIENCE ?? DEFAULT_AUDIENCE);
  app.secrets.add(token);
  const client = await app.anonymousClient();
  const { access_token } = await client.call(exchangeToken, {
    body: {
      grant_type: TOKEN_EXCHANGE_GRANT,
      subject_token: token,
      subject_token_type: ID_TOKEN_TYPE,
      audience: organization,
    },
  }, { signal: app.signal });
  await keepKey(app, access_token);
}

/** The pipeline's id token, by the environment that each provider gives its jobs. */
async function findIdToken(app: App, audience: string): Promise<string> {
  const { env } = app;
  // GitLab hands it over in a variable that the job names; this is the name that the docs give.
  const given = env.INFRAUDIT_ID_TOKEN ?? env.CIRCLE_OIDC_TOKEN_V2 ?? env.TFC_WORKLOAD_IDENTITY_TOKEN;
  if (given) return given.trim();
  if (env.ACTIONS_ID_TOKEN_REQUEST_URL && env.ACTIONS_ID_TOKEN_REQUEST_TOKEN) {
    return await askGithub(env.ACTIONS_ID_TOKEN_REQUEST_URL, env.ACTIONS_ID_TOKEN_REQUEST_TOKEN, audience);
  }
  if (env.BUILDKITE_JOB_ID) return await askBuildkite(audience);
  throw new CliFailure(EXIT.SIGN_IN, "There is no id token here: this is no pipeline that gives one.", {
    next: env.GITHUB_ACTIONS
      ? "give the job `permissions: id-token: write`"
      : env.GITLAB_CI
      ? "give the job `id_tokens: INFRAUDIT_ID_TOKEN: aud: infraaudit`"
      : "set INFRAUDIT_ID_TOKEN, or sign in with: infraudit auth login",
  });
}

async function askGithub(url: string, bearer: string, audience: string): Promise<string> {
  const asked = new URL(url);
  asked.searchParams.set("audience", audience);
  const response = await fetch(asked, {
    headers: { authorization: `bearer ${bearer}`, accept: "application/json" },
    signal: AbortSignal.timeout(ASK_TIMEOUT_MS),
  }).catch((cause) => {
    throw new CliFailure(EXIT.SERVER, `GitHub's token service does not answer: ${String(cause)}`);
  });
  const body = await response.json().catch(() => undefined) as { value?: unknown } | undefined;
  if (response.ok && typeof body?.value === "string") return body.value;
  throw new CliFailure(EXIT.SERVER, `GitHub's token service answered ${response.status} without a token.`);
}

async function askBuildkite(audience: string): Promise<string> {
  try {
    const args = ["oidc", "request-token", "--audience", audience];
    const { stdout } = await promisify(execFile)("buildkite-agent", args, { timeout: ASK_TIMEOUT_MS });
    return stdout.trim();
  } catch (cause) {
    throw new CliFailure(EXIT.SERVER, `buildkite-agent gave no id token: ${String(cause)}`);
  }
}

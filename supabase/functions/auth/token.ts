/** Token exchange over HTTP (RFC 8693): a job's id token in, a short-lived API key out. */
import { z } from "zod";
import { hashWithLivePeppers } from "../../../shared/auth/api_key_hash.ts";
import { drawApiKey } from "../../../shared/auth/api_key.ts";
import { withFacts } from "../../../shared/auth/audit_record.ts";
import { type IdToken, parseIdToken, verifyIdToken } from "../../../shared/auth/id_token.ts";
import type { RequestFacts } from "../../../shared/auth/key_token.ts";
import { PERMISSIONS } from "../../../shared/contracts/permissions.ts";
import {
  ACCESS_TOKEN_TYPE,
  type ExchangedToken,
  exchangeToken,
  ID_TOKEN_TYPE,
  JWT_TOKEN_TYPE,
  TOKEN_EXCHANGE_GRANT,
  TokenExchange,
} from "../../../shared/contracts/token_exchange.ts";
import { unwrap } from "../../../shared/db/unwrap.ts";
import { ApiError } from "../../../shared/errors/api_error.ts";
import { oauthError } from "../../../shared/errors/oauth_error.ts";
import type { App } from "../../../shared/http/base_app.ts";
import type { Deps } from "../../../shared/http/deps.ts";
import { openRoute } from "../../../shared/http/route.ts";

const Issuer = z.union([
  z.object({ is_known: z.boolean() }),
  z.object({ retry_after_seconds: z.int() }),
]);
const Exchanged = z.union([
  z.object({ scopes: z.array(z.enum(PERMISSIONS)), expires_in: z.int() }),
  z.object({ fault: z.enum(["no_policy", "several_policies", "replayed", "invalid_scope"]) }),
]);

const UNTRUSTED = "No trust policy of this organization matches this job.";

export function addTokenRoute(app: App, deps: Deps): void {
  openRoute(app, deps, exchangeToken, async ({ body, facts }) => {
    const { organizationId, token, scopes } = readExchange(body);
    await findIssuer(deps, organizationId, token.issuer, facts);
    const key = await deps.issuers.find(token.issuer, token.kid);
    if (!key) throw oauthError("invalid_grant", "The id token's issuer has no key with its kid.");
    const verified = await verifyIdToken(token, key, Date.now() / 1000);
    if (typeof verified === "string") throw oauthError("invalid_grant", verified);

    const made = drawApiKey(deps.env.keyEnvironment);
    // Service key: the job has no identity here yet; the policy that Postgres finds says on whose behalf the key acts.
    const call = deps.service.rpc("exchange_id_token", {
      p_organization_id: organizationId,
      p_issuer: token.issuer,
      p_audience: verified.audience,
      // Parsed from JSON, so it is JSON.
      p_claims: token.claims as { [claim: string]: string },
      p_token_hash: verified.digest,
      p_token_expires_at: new Date(verified.expiresAt * 1000).toISOString(),
      p_prefix: made.prefix,
      p_hashes: hashWithLivePeppers(made.text, deps.env.pepper),
      p_scopes: scopes,
    });
    const answer = Exchanged.parse(unwrap(await withFacts(call, facts)));
    if ("fault" in answer) throw refusalOf(answer.fault);
    const exchanged: ExchangedToken = {
      access_token: made.text,
      issued_token_type: ACCESS_TOKEN_TYPE,
      token_type: "Bearer",
      expires_in: answer.expires_in,
      scope: answer.scopes.join(" "),
    };
    return exchanged;
  });
}

/** @throws ApiError in the words of RFC 6749 §5.2 and RFC 8693 §2.2.2 */
function readExchange(body: z.output<typeof TokenExchange>) {
  if (!body.grant_type) throw oauthError("invalid_request", "grant_type is missing.");
  if (body.grant_type !== TOKEN_EXCHANGE_GRANT) {
    throw oauthError("unsupported_grant_type", `grant_type must be ${TOKEN_EXCHANGE_GRANT}.`);
  }
  if (!body.subject_token) throw oauthError("invalid_request", "subject_token is missing.");
  if (body.subject_token_type !== ID_TOKEN_TYPE && body.subject_token_type !== JWT_TOKEN_TYPE) {
    throw oauthError("invalid_request", `subject_token_type must be ${ID_TOKEN_TYPE}.`);
  }
  if (!body.audience || !/^[1-9]\d{0,14}$/.test(body.audience)) {
    throw oauthError("invalid_target", "audience must be the organization's id.");
  }
  const token: IdToken | undefined = parseIdToken(body.subject_token);
  if (!token) throw oauthError("invalid_grant", "The subject_token is not an id token this API accepts.");
  const wanted = body.scope?.split(" ").filter(Boolean);
  const scopes = z.array(z.enum(PERMISSIONS)).min(1).optional().safeParse(
    wanted?.length ? wanted : undefined,
  );
  if (!scopes.success) throw oauthError("invalid_scope", "scope names a permission that there is not.");
  return { organizationId: Number(body.audience), token, scopes: scopes.data };
}

/** Only a trusted issuer's key set is ever fetched. */
async function findIssuer(deps: Deps, organizationId: number, issuer: string, facts: RequestFacts) {
  // Service key: there is no credential yet.
  const found = Issuer.parse(unwrap(
    await deps.service.rpc("find_trusted_issuer", {
      p_organization_id: organizationId,
      p_issuer: issuer,
      p_address: facts.address ?? undefined,
      p_limit: deps.env.exchangesPerMinute ?? undefined,
    }),
  ));
  if ("retry_after_seconds" in found) {
    const seconds = found.retry_after_seconds;
    throw new ApiError("RATE_LIMITED", `Too many exchanges; try again in ${seconds} seconds.`, {
      retryAfterSeconds: seconds,
    });
  }
  if (!found.is_known) throw oauthError("invalid_grant", UNTRUSTED);
}

function refusalOf(fault: "no_policy" | "several_policies" | "replayed" | "invalid_scope"): ApiError {
  switch (fault) {
    case "no_policy":
      return oauthError("invalid_grant", UNTRUSTED);
    case "several_policies":
      return oauthError(
        "invalid_grant",
        "More than one trust policy matches this job. Narrow their conditions so that only one does.",
      );
    case "replayed":
      return oauthError("invalid_grant", "This id token was already exchanged. Request a new one.");
    case "invalid_scope":
      return oauthError(
        "invalid_scope",
        "The trust policy doesn't grant every permission in scope.",
      );
  }
}

/** Second factors of Supabase Auth (`/factors…`, TOTP), which the embedded Auth server does not know. */
import type { JWTPayload } from "jose";
import { renderSVG } from "uqr";
import { completeAnswer } from "./access_tokens.ts";
import { authError } from "./errors.ts";
import type { AuthContext } from "./auth.ts";
import type { Database, Row } from "../database/database.ts";
import { drawTotpSecret, stepOfCode, totpUri } from "./totp.ts";

/** As a hosted project is set: `[auth.mfa] max_enrolled_factors`. */
const MOST_FACTORS = 10;
const CHALLENGE_SECONDS = 300;
const WRONG_CODES = 5;
const WRONG_CODES_SECONDS = 300;
const PATH = /^\/factors(?:\/([0-9a-f-]{36})(?:\/(challenge|verify))?)?$/i;

interface Factor extends Row {
  id: string;
  status: "unverified" | "verified";
  secret: string;
}

/** True for the paths answered here. */
export function isFactorPath(path: string): boolean {
  return PATH.test(path);
}

/**
 * Answers one request about the caller's own factors.
 * @param claims of the caller's verified access token
 */
export async function answerFactors(
  request: Request,
  path: string,
  claims: JWTPayload,
  context: AuthContext,
): Promise<Response> {
  const [, id, step] = PATH.exec(path)!;
  const body = request.method === "POST" ? await request.json().catch(() => ({})) : {};
  if (id === undefined) {
    return request.method === "POST" ? await enroll(body, claims, context) : notAllowed();
  }
  const [factor] = await context.database.query<Factor>(
    "select id, status, secret from auth.mfa_factors where id = $1 and user_id = $2",
    [id, claims.sub],
  );
  if (!factor) return authError(404, "mfa_factor_not_found", "Factor not found");
  if (step === "challenge" && request.method === "POST") return await challenge(factor, context.database);
  if (step === "verify" && request.method === "POST") {
    return await verify(request, factor, body, claims, context);
  }
  if (step !== undefined || request.method !== "DELETE") return notAllowed();
  if (factor.status === "verified" && claims.aal !== "aal2") {
    return authError(422, "insufficient_aal", "AAL2 required to unenroll verified factor");
  }
  return await removeFactor(context.database, factor.id);
}

/** Removes a factor; sessions that were proved by it fall back to one factor. */
export async function removeFactor(database: Database, id: string): Promise<Response> {
  try {
    await database.query("delete from auth.mfa_factors where id = $1", [id]);
  } catch (error) {
    // A trigger that refuses with a status of its own (PTxyz): Auth has no words for that.
    if (!/^PT\d{3}$/.test((error as { code?: string }).code ?? "")) throw error;
    return authError(
      500,
      "unexpected_failure",
      "Unexpected failure, please check server logs for more information",
    );
  }
  await database.query("update auth.sessions set aal = 'aal1', factor_id = null where factor_id = $1", [id]);
  return Response.json({ id });
}

async function enroll(
  body: { friendly_name?: unknown; factor_type?: unknown; issuer?: unknown },
  claims: JWTPayload,
  { database, settings }: AuthContext,
): Promise<Response> {
  if (body.factor_type !== "totp") {
    return authError(400, "validation_failed", "factor_type needs to be totp");
  }
  const factors = await database.query<Factor & { friendly_name: string | null }>(
    "select id, status, friendly_name from auth.mfa_factors where user_id = $1",
    [claims.sub],
  );
  if (factors.length >= MOST_FACTORS) {
    return authError(422, "too_many_enrolled_mfa_factors", "Maximum number of verified factors reached");
  }
  if (factors.some(({ status }) => status === "verified") && claims.aal !== "aal2") {
    return authError(403, "insufficient_aal", "AAL2 required to enroll a new factor");
  }
  const name = typeof body.friendly_name === "string" ? body.friendly_name.trim() : "";
  // An empty name is a name too: the second factor of a person needs one of its own.
  if (factors.some((factor) => (factor.friendly_name ?? "") === name)) {
    const message = `A factor with the friendly name "${name}" for this user already exists`;
    return authError(422, "mfa_factor_name_conflict", message);
  }
  const secret = drawTotpSecret();
  const [made] = await database.query<{ id: string }>(
    `insert into auth.mfa_factors (user_id, friendly_name, factor_type, status, secret)
     values ($1, $2, 'totp', 'unverified', $3) returning id`,
    [claims.sub, name, secret],
  );
  const issuer = typeof body.issuer === "string" && body.issuer ? body.issuer : new URL(settings.issuer).host;
  const uri = totpUri(secret, issuer, String(claims.email ?? claims.sub));
  return Response.json({
    id: made!.id,
    type: "totp",
    friendly_name: name,
    totp: { qr_code: renderSVG(uri, { border: 2 }), secret, uri },
  });
}

async function challenge(factor: Factor, database: Database): Promise<Response> {
  const [made] = await database.query<{ id: string; expires_at: number }>(
    `insert into auth.mfa_challenges (factor_id) values ($1)
     returning id, floor(extract(epoch from created_at))::integer + $2::integer as expires_at`,
    [factor.id, CHALLENGE_SECONDS],
  );
  await database.query("update auth.mfa_factors set last_challenged_at = clock_timestamp() where id = $1", [
    factor.id,
  ]);
  return Response.json({ id: made!.id, type: "totp", expires_at: made!.expires_at });
}

async function verify(
  request: Request,
  factor: Factor,
  body: { challenge_id?: unknown; code?: unknown },
  claims: JWTPayload,
  context: AuthContext,
): Promise<Response> {
  const { database } = context;
  const [open] = await database.query<{ is_expired: boolean }>(
    `select created_at < now() - make_interval(secs => $3) as is_expired
     from auth.mfa_challenges where id::text = $1 and factor_id = $2 and verified_at is null`,
    [String(body.challenge_id), factor.id, CHALLENGE_SECONDS],
  );
  if (!open) {
    return authError(404, "mfa_factor_not_found", "MFA factor with the provided challenge ID not found");
  }
  if (open.is_expired) {
    const message = "MFA challenge has expired, verify against another challenge or create a new challenge.";
    return authError(422, "mfa_challenge_expired", message);
  }
  const refusal = await judgeCode(database, factor, String(body.code ?? ""));
  if (refusal) return refusal;

  await database.query("update auth.mfa_challenges set verified_at = now() where id::text = $1", [
    String(body.challenge_id),
  ]);
  await database.query(
    "update auth.mfa_factors set status = 'verified', updated_at = now() where id = $1 and status <> 'verified'",
    [factor.id],
  );
  await database.query("update auth.sessions set aal = 'aal2', factor_id = $2 where id = $1", [
    claims.session_id,
    factor.id,
  ]);
  await database.query(
    `insert into auth.mfa_amr_claims (session_id, authentication_method) values ($1, 'totp')
     on conflict (session_id, authentication_method) do update set created_at = now(), updated_at = now()`,
    [claims.session_id],
  );
  // As Auth does: once a factor is verified, sessions without it end and unverified factors go.
  await database.query(
    "delete from auth.sessions where user_id = $1 and id <> $2 and coalesce(aal, 'aal1') < 'aal2'",
    [claims.sub, claims.session_id],
  );
  await database.query("delete from auth.mfa_factors where user_id = $1 and status = 'unverified'", [
    claims.sub,
  ]);
  return await renewedSession(request, claims, context);
}

/** @returns the refusal of a wrong or used code, or of one too many; `undefined` for a right one, now used up */
async function judgeCode(database: Database, factor: Factor, code: string): Promise<Response | undefined> {
  const [wrong] = await database.query<{ count: number }>(
    `select count(*)::integer from dev.totp_attempts
     where factor_id = $1 and step is null and attempted_at > now() - make_interval(secs => $2)`,
    [factor.id, WRONG_CODES_SECONDS],
  );
  if (wrong!.count >= WRONG_CODES) {
    return authError(429, "over_request_rate_limit", "Request rate limit reached");
  }
  const step = stepOfCode(factor.secret, code, Date.now() / 1000);
  const noted = await database.query(
    "insert into dev.totp_attempts (factor_id, step) values ($1, $2) on conflict do nothing returning step",
    [factor.id, step ?? null],
  );
  if (step !== undefined && noted.length > 0) return undefined;
  return authError(422, "mfa_verification_failed", "Invalid TOTP code entered");
}

/** The same session with new tokens, which say what it has proved. */
async function renewedSession(
  request: Request,
  claims: JWTPayload,
  context: AuthContext,
): Promise<Response> {
  const [live] = await context.database.query<{ token: string }>(
    `select token from auth.refresh_tokens where session_id = $1 and not coalesce(revoked, false)
     order by created_at desc limit 1`,
    [claims.session_id],
  );
  const url = new URL("/auth/v1/token?grant_type=refresh_token", request.url);
  const renewal = new Request(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ refresh_token: live?.token ?? "" }),
  });
  const answer = await context.server.asUser(renewal, undefined, "publishable");
  return await completeAnswer(answer, "totp", context);
}

function notAllowed(): Response {
  return authError(405, "method_not_allowed", "Method not allowed");
}

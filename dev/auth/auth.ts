/** Supabase Auth (`/auth/v1`) as a hosted project has it, in front of the embedded server. */
import type { JWTPayload } from "jose";
import { completeAnswer } from "./access_tokens.ts";
import { ANY_ORIGIN, readApiKey, readBearer } from "./project_keys.ts";
import { answerAuthAdmin } from "./admin.ts";
import { authError, badToken } from "./errors.ts";
import { refuseBanned } from "./bans.ts";
import type { Database } from "../database/database.ts";
import type { EmbeddedServer } from "./embedded_server.ts";
import { asSignUp } from "./invites.ts";
import { answerFactors, isFactorPath } from "./mfa_factors.ts";
import type { Mailbox } from "./mailbox.ts";
import type { Settings } from "./project_settings.ts";
import type { Tokens } from "./tokens.ts";

/** What answering an Auth request takes. */
export interface AuthContext {
  database: Database;
  server: EmbeddedServer;
  mailbox: Mailbox;
  settings: Settings;
  tokens: Tokens;
}

/** Followed from a mail or by a redirect, so without the project's key. */
const OPEN_PATHS = /^\/(?:verify|authorize|callback)$/;
/** Only for someone who has signed in. */
const SIGNED_IN_PATHS = /^\/(?:user|logout|reauthenticate|factors\b.*)$/;
const ADMIN_PATHS = /^\/(?:admin\/.*|invite)$/;

/** Answers one request to `/auth/v1/…`, also to a page of another origin. */
export async function answerAuth(request: Request, context: AuthContext): Promise<Response> {
  if (request.method === "OPTIONS") return answerPreflight(request);
  const answer = await answerCall(request, context);
  const headers = new Headers(answer.headers);
  for (const [name, value] of Object.entries(ANY_ORIGIN)) headers.set(name, value);
  return new Response(answer.body, { status: answer.status, headers });
}

async function answerCall(request: Request, context: AuthContext): Promise<Response> {
  const { server, settings, tokens } = context;
  const url = new URL(request.url);
  const path = url.pathname.slice("/auth/v1".length);
  if (path === "/.well-known/jwks.json") return answerJwks(request, tokens);
  if (OPEN_PATHS.test(path) && !request.headers.has("apikey")) {
    const followed = asSignUp(request);
    const answer = await server.asUser(followed.request, undefined, "publishable");
    return await completeAnswer(answer, "otp", context, followed.isInvite ? "invite" : undefined);
  }

  const apiKey = await readApiKey(request, settings, tokens);
  if ("refused" in apiKey) return apiKey.refused;
  let claims: JWTPayload | undefined;
  const bearer = readBearer(request, apiKey.key);
  if (bearer) {
    const checked = await tokens.verify(bearer);
    if ("claims" in checked) claims = checked.claims;
    else if (SIGNED_IN_PATHS.test(path) || ADMIN_PATHS.test(path)) return badToken(checked.fault);
  }
  if (ADMIN_PATHS.test(path)) {
    const isAdmin = claims ? claims.role === "service_role" : apiKey.kind === "secret";
    if (!isAdmin) return authError(403, "not_admin", "User not allowed");
    return await answerAuthAdmin(request, path, context);
  }
  if (isFactorPath(path)) {
    return claims
      ? await answerFactors(request, path, claims, context)
      : authError(401, "no_authorization", "This endpoint requires a valid Bearer token");
  }
  if (path === "/token" && request.method === "POST") {
    const grant = url.searchParams.get("grant_type");
    const refusal = await refuseBanned(request.clone(), grant, context.database);
    if (refusal) return refusal;
    const answer = await server.asUser(request, claims, apiKey.kind);
    return await completeAnswer(answer, grant === "password" ? "password" : "oauth", context);
  }
  const answer = await server.asUser(request, claims, apiKey.kind);
  return await completeAnswer(answer, path === "/signup" ? "password" : "otp", context);
}

/** A hosted project's Auth lets any origin send what it asks to send (Fetch, "CORS-preflight request"). */
function answerPreflight(request: Request): Response {
  const headers: Record<string, string> = {
    ...ANY_ORIGIN,
    "access-control-allow-methods": "GET, POST, PUT, PATCH, DELETE, OPTIONS",
    "access-control-max-age": "3600",
  };
  const asked = request.headers.get("access-control-request-headers");
  if (asked) headers["access-control-allow-headers"] = asked;
  return new Response(null, { status: 204, headers });
}

function answerJwks(request: Request, tokens: Tokens): Response {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return authError(405, "method_not_allowed", "Method not allowed");
  }
  return Response.json(tokens.jwks, { headers: { ...ANY_ORIGIN, "cache-control": "public, max-age=600" } });
}

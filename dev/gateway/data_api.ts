/** The Data API (`/rest/v1`): PostgREST's answers to a token, the embedded server's to the query. */
import { ANY_ORIGIN, claimsOfKey, readApiKey, readBearer } from "../auth/project_keys.ts";
import type { EmbeddedServer } from "../auth/embedded_server.ts";
import type { Settings } from "../auth/project_settings.ts";
import type { TokenFault, Tokens } from "../auth/tokens.ts";

/** Roles that the Data API may take on; a token that names another is refused, as Postgres would. */
const API_ROLES = new Set(["anon", "authenticated", "service_role"]);

/** Answers one request to `/rest/v1/…`. */
export async function answerDataApi(
  request: Request,
  { server, settings, tokens }: { server: EmbeddedServer; settings: Settings; tokens: Tokens },
): Promise<Response> {
  if (request.method === "OPTIONS") return await server.asClaims(request, { role: "anon" }, "publishable");
  request = withTextAsText(request);
  const apiKey = await readApiKey(request, settings, tokens);
  if ("refused" in apiKey) return apiKey.refused;
  // A legacy key is itself a token; alone, it says the role either way.
  const bearer = readBearer(request, apiKey.key);
  if (!bearer) return await server.asClaims(request, claimsOfKey(apiKey.kind), apiKey.kind);
  const checked = await tokens.verify(bearer);
  if ("fault" in checked) return refuseToken(checked.fault);
  const role = checked.claims.role ?? "anon";
  if (typeof role !== "string" || !API_ROLES.has(role)) {
    return refuse("22023", `role "${role}" does not exist`);
  }
  return await server.asClaims(request, { ...checked.claims, role }, apiKey.kind);
}

function refuseToken(fault: TokenFault): Response {
  if (fault === "expired") return refuse("PGRST303", "JWT expired");
  if (fault === "signature") return refuse("PGRST301", "JWSError JWSInvalidSignature");
  return refuse("PGRST301", "Expected 3 parts in JWT; or a part of it can't be read");
}

function refuse(code: string, message: string): Response {
  const headers = {
    ...ANY_ORIGIN,
    "www-authenticate": `Bearer error="invalid_token", error_description="${message.replaceAll('"', "'")}"`,
  };
  return Response.json({ code, details: null, hint: null, message }, { status: 401, headers });
}

/** What the embedded server takes as it stands: a number, an id, a time, a plain word. */
const TAKEN_AS_IT_IS = /^eq\.(?!(?:null|not_null|true|false|unknown)$)[\w.:+-]+$/i;

/**
 * What follows `eq.` is text, as in PostgREST: the embedded server would take `false`, `null` or `{a}` for values of
 * another type, unless they stand in quotes.
 */
function withTextAsText(request: Request): Request {
  const url = new URL(request.url);
  const texts = [...url.searchParams].filter(([, filter]) =>
    filter.startsWith("eq.") && !TAKEN_AS_IT_IS.test(filter)
  );
  if (texts.length === 0) return request;
  for (const [name, filter] of texts) url.searchParams.set(name, `eq."${filter.slice(3)}"`);
  return new Request(url, request);
}

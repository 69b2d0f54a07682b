/** Which role the `apikey` of a request stands for, and whose bearer token it carries. */
import type { JWTPayload } from "jose";
import type { Settings } from "./project_settings.ts";
import type { Tokens } from "./tokens.ts";

/** `publishable` is the role `anon`, `secret` the role `service_role`. */
export type ApiKeyKind = "publishable" | "secret";

/** The project's key in the header or the query, or why there is none. */
export async function readApiKey(
  request: Request,
  settings: Settings,
  tokens: Tokens,
): Promise<{ kind: ApiKeyKind; key: string } | { refused: Response }> {
  const key = request.headers.get("apikey") ?? new URL(request.url).searchParams.get("apikey");
  if (!key) {
    return refuse("No API key found in request", "No `apikey` request header or url param was found.");
  }
  if (key === settings.publishableKey) return { kind: "publishable", key };
  if (key === settings.secretKey) return { kind: "secret", key };
  // Projects that still have them: the anon and service_role keys are tokens signed with the legacy secret.
  const checked = key.startsWith("eyJ") ? await tokens.verify(key) : undefined;
  if (checked && "claims" in checked) {
    if (checked.claims.role === "anon") return { kind: "publishable", key };
    if (checked.claims.role === "service_role") return { kind: "secret", key };
  }
  return refuse("Invalid API key", "Double check your Supabase `apikey`.");
}

/**
 * The bearer token, unless it only repeats the project's key: supabase-js puts the key there when no one has
 * signed in, and a key that is not a JWT proves no user.
 */
export function readBearer(request: Request, key: string): string | undefined {
  const token = request.headers.get("authorization")?.match(/^bearer\s+(.+)$/i)?.[1]?.trim();
  return !token || token === key || token.startsWith("sb_") ? undefined : token;
}

/** The claims that a key alone gives. */
export function claimsOfKey(kind: ApiKeyKind): JWTPayload {
  return { role: kind === "secret" ? "service_role" : "anon" };
}

function refuse(message: string, hint: string): { refused: Response } {
  return { refused: Response.json({ message, hint }, { status: 401, headers: ANY_ORIGIN }) };
}

/** Auth and the Data API answer pages of any origin, as a hosted project does. */
export const ANY_ORIGIN = { "access-control-allow-origin": "*" };

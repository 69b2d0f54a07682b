/** Turns the embedded server's sparse tokens into the ones a hosted project hands out. */
import { decodeJwt, type JWTPayload } from "jose";
import type { Database } from "../database/database.ts";
import type { Tokens } from "./tokens.ts";

/**
 * Re-signs the access token in an answer of the Auth server, in its JSON body or in a redirect's fragment.
 * Answers without one pass unchanged.
 * @param linkType the kind of mailed link that was followed, when the server was told another
 * @param method how the person proved who they are (the `amr` of a new session), such as `password` or `otp`
 */
export async function completeAnswer(
  answer: Response,
  method: string,
  { database, tokens }: { database: Database; tokens: Tokens },
  linkType?: string,
): Promise<Response> {
  const complete = async (inner: string) =>
    await tokens.sign(await fullClaims(inner, method, database, tokens));
  const location = answer.headers.get("location");
  if (location?.includes("access_token=")) {
    const [target, fragment = ""] = location.split("#", 2);
    const parameters = new URLSearchParams(fragment);
    parameters.set("access_token", await complete(parameters.get("access_token") ?? ""));
    if (linkType) parameters.set("type", linkType);
    const headers = new Headers(answer.headers);
    headers.set("location", `${target}#${parameters}`);
    return new Response(answer.body, { status: answer.status, headers });
  }
  if (!answer.ok || !answer.headers.get("content-type")?.includes("json")) return answer;
  const body = await answer.json();
  if (typeof body?.access_token === "string") body.access_token = await complete(body.access_token);
  await addFactors(body?.aud === "authenticated" ? body : body?.user, database);
  const headers = new Headers(answer.headers);
  headers.delete("content-length");
  return new Response(JSON.stringify(body), { status: answer.status, headers });
}

/** A hosted project's Auth tells a person's factors wherever it tells the person. */
async function addFactors(user: { id?: string; factors?: unknown } | undefined, database: Database) {
  if (typeof user?.id !== "string") return;
  const factors = await database.query(
    `select id, created_at, updated_at, status, friendly_name, factor_type, last_challenged_at
     from auth.mfa_factors where user_id = $1 order by created_at`,
    [user.id],
  );
  if (factors.length > 0) user.factors = factors;
}

interface Person extends Record<string, unknown> {
  email: string | null;
  phone: string | null;
  app_metadata: object | null;
  user_metadata: object | null;
  is_anonymous: boolean;
  aal: string | null;
}

/** All claims of a hosted project's access token; `amr` keeps the moment and manner of the first sign-in. */
async function fullClaims(
  inner: string,
  method: string,
  database: Database,
  tokens: Tokens,
): Promise<JWTPayload> {
  const { sub, aud, role, iat, exp, session_id } = decodeJwt(inner);
  await database.query(
    `insert into auth.mfa_amr_claims (session_id, authentication_method)
     select $1, $2 where not exists (select from auth.mfa_amr_claims where session_id = $1)`,
    [session_id, method],
  );
  const [person] = await database.query<Person>(
    `select users.email, users.phone, users.raw_app_meta_data as app_metadata,
       users.raw_user_meta_data as user_metadata, users.is_anonymous, sessions.aal
     from auth.sessions join auth.users on users.id = sessions.user_id
     where sessions.id = $1 and users.id = $2`,
    [session_id, sub],
  );
  const ways = await database.query<{ method: string; timestamp: number }>(
    `select authentication_method as method, floor(extract(epoch from created_at))::integer as timestamp
     from auth.mfa_amr_claims where session_id = $1 order by created_at desc`,
    [session_id],
  );
  return {
    iss: tokens.issuer,
    sub,
    aud,
    exp,
    iat,
    email: person?.email ?? "",
    phone: person?.phone ?? "",
    app_metadata: person?.app_metadata ?? {},
    user_metadata: person?.user_metadata ?? {},
    role,
    aal: person?.aal ?? "aal1",
    amr: ways,
    session_id,
    is_anonymous: person?.is_anonymous ?? false,
  };
}

/** The embedded server lets a banned person in; a hosted Auth server does not, by password or by refresh token. */
import { authError } from "./errors.ts";
import type { Database } from "../database/database.ts";

/**
 * @param request a copy of the request to `/token`, as its body is read here
 * @returns the refusal, or `undefined` when the caller isn't banned
 */
export async function refuseBanned(
  request: Request,
  grant: string | null,
  database: Database,
): Promise<Response | undefined> {
  const body = await request.json().catch(() => undefined);
  if (grant === "password" && typeof body?.email === "string") {
    const banned = await database.query(
      "select from auth.users where email = lower($1) and not is_sso_user and banned_until > now()",
      [body.email],
    );
    if (banned.length > 0) return authError(400, "user_banned", "User is banned");
  }
  if (grant === "refresh_token" && typeof body?.refresh_token === "string") {
    const banned = await database.query(
      `select from auth.refresh_tokens join auth.users on users.id = refresh_tokens.user_id
       where refresh_tokens.token = $1 and users.banned_until > now()`,
      [body.refresh_token],
    );
    if (banned.length > 0) return authError(400, "user_banned", "Invalid Refresh Token: User Banned");
  }
}

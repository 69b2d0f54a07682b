/** Invitations by mail (`POST /auth/v1/invite`), which the embedded Auth server does not know. */
import { ANY_ORIGIN } from "./project_keys.ts";
import { authError } from "./errors.ts";
import { addUser, findUserByEmail, findUsers } from "./users.ts";
import type { Database } from "../database/database.ts";
import type { Mailbox } from "./mailbox.ts";

/** Adds the person when unknown, and mails a link that confirms the address and signs in. */
export async function invite(request: Request, database: Database, mailbox: Mailbox): Promise<Response> {
  const url = new URL(request.url);
  const body = await request.json().catch(() => undefined);
  const email = body?.email;
  if (typeof email !== "string" || !/^\S+@\S+$/.test(email)) {
    return authError(400, "validation_failed", "Unable to validate email address: invalid format");
  }
  const known = await findUserByEmail(database, email);
  if (known?.confirmed_at) {
    return authError(422, "email_exists", "A user with this email address has already been registered");
  }
  const id = known?.id ?? await addUser(database, email, body.data ?? {});
  const token = crypto.getRandomValues(new Uint8Array(28)).toHex();
  await database.query(
    `update auth.users set invited_at = now(), confirmation_sent_at = now(), confirmation_token = $2 where id = $1`,
    [id, token],
  );
  const link = new URL("/auth/v1/verify", url);
  link.search = new URLSearchParams({
    token,
    type: "invite",
    redirect_to: url.searchParams.get("redirect_to") ?? url.origin,
  }).toString();
  await mailbox.send({
    to: email,
    subject: "You have been invited",
    text: `You have been invited. Follow this link to accept:\n\n${link}\n`,
  });
  const [user] = await findUsers(database, "where id = $1", [id]);
  return Response.json(user, { headers: ANY_ORIGIN });
}

/**
 * Following an invitation is confirming a sign-up, which the embedded server knows.
 * @returns the request to give it, and whether its answer is an invitation's
 */
export function asSignUp(request: Request): { request: Request; isInvite: boolean } {
  const url = new URL(request.url);
  if (request.method !== "GET" || url.searchParams.get("type") !== "invite") {
    return { request, isInvite: false };
  }
  url.searchParams.set("type", "signup");
  return { request: new Request(url, { headers: request.headers }), isInvite: true };
}

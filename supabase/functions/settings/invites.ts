/** Invitations over HTTP: sent by mail, sent again, cancelled, accepted. */
import { digestLinkToken, drawLinkToken } from "../../../shared/auth/link_token.ts";
import type { RequestFacts } from "../../../shared/auth/key_token.ts";
import { inviteLink, sendInviteMail } from "./invite_mail.ts";
import {
  acceptInvite,
  cancelInvite,
  createInvite,
  getInvite,
  Invite,
  type InviteAccepted,
  InvitePreview,
  listInvites,
  previewInvite,
  remailInvite,
  resendInvite,
} from "../../../shared/contracts/team.ts";
import { refuseOrNotFound } from "../../../shared/db/refusal.ts";
import { unwrap } from "../../../shared/db/unwrap.ts";
import type { App } from "../../../shared/http/base_app.ts";
import type { Deps } from "../../../shared/http/deps.ts";
import { fetchPage } from "../../../shared/http/paging.ts";
import { openRoute, route } from "../../../shared/http/route.ts";
import { ApiError } from "../../../shared/errors/api_error.ts";

export function addInviteRoutes(app: App, deps: Deps): void {
  route(app, deps, createInvite, async ({ db, body, facts }) => {
    const token = drawLinkToken("invite");
    const row = unwrap(
      await db.rpc("create_invite", {
        p_email: body.email,
        p_role: body.role,
        p_token_digest: digestLinkToken(token),
      }).single(),
    );
    return await sent(deps, row as Invite, token, facts);
  });

  route(app, deps, listInvites, async ({ db, query }) => {
    return await fetchPage({
      db,
      query,
      permission: "team:read",
      row: Invite,
      select: (options) => {
        const selection = db.from("invite_overview").select("*", options);
        return query.status ? selection.in("status", query.status) : selection;
      },
    });
  });

  route(app, deps, getInvite, async ({ db, params }) => {
    const row = unwrap(await db.from("invite_overview").select("*").eq("id", params.id).maybeSingle());
    return (row ?? await refuseOrNotFound(db, "team:read", "invites", params.id)) as Invite;
  });

  route(app, deps, resendInvite, async ({ db, params, facts }) => {
    const token = drawLinkToken("invite");
    const row = unwrap(
      await db.rpc("resend_invite", { p_id: params.id, p_token_digest: digestLinkToken(token) })
        .maybeSingle(),
    ) ?? await refuseOrNotFound(db, "team:write", "invites", params.id);
    return await sent(deps, row as Invite, token, facts);
  });

  route(app, deps, cancelInvite, async ({ db, params }) => {
    const isCancelled = unwrap(await db.rpc("cancel_invite", { p_id: params.id }));
    if (!isCancelled) await refuseOrNotFound(db, "team:write", "invites", params.id);
  });

  route(
    app,
    deps,
    acceptInvite,
    async ({ db, body }) =>
      unwrap(
        await db.rpc("accept_invite", { p_token_digest: digestLinkToken(body.token) }),
      ) as InviteAccepted,
  );

  openRoute(app, deps, previewInvite, async ({ body }) => {
    // Service key: the holder of the token may have no account yet.
    const found = unwrap(
      await deps.service.rpc("describe_invite", { p_token_digest: digestLinkToken(body.token) }),
    );
    if (found !== null) return InvitePreview.parse(found);
    throw new ApiError("NOT_FOUND", "There is no such invitation any more; ask for a new one.");
  });

  openRoute(app, deps, remailInvite, async ({ body, address, facts }) => {
    // Service key: the holder of the token may not be able to sign in yet.
    const email = unwrap(
      await deps.service.rpc("remail_invite", {
        p_token_digest: digestLinkToken(body.token),
        p_address: address ?? undefined,
      }),
    ) as string | null;
    if (email === null) {
      throw new ApiError("NOT_FOUND", "This invitation no longer exists. Ask for a new one.");
    }
    if (!await sendInviteMail(deps, email, body.token, facts)) {
      throw new ApiError("UNAVAILABLE", "The email can't be sent right now.", { retryAfterSeconds: 60 });
    }
    return { message: "A new link is on its way to the address that was invited." };
  });
}

/** Mails the link of an invitation that is already in the database; a mail that fails undoes nothing. */
async function sent(deps: Deps, invite: Invite, token: string, facts: RequestFacts) {
  const mail_sent = await sendInviteMail(deps, invite.email, token, facts);
  return { ...invite, accept_url: inviteLink(deps.env, token), mail_sent };
}

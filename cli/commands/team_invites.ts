/** The invitations' side of `infraudit team`. */
import {
  acceptInvite,
  cancelInvite,
  type Invite,
  type InviteSent,
  listInvites,
  resendInvite,
} from "../../shared/contracts/team.ts";
import type { App } from "../app.ts";
import { CliFailure, EXIT } from "../exit_codes.ts";
import { collect } from "../output/collect.ts";
import { printDone, printList, printRecord } from "../output/print.ts";
import type { Column } from "../output/table.ts";
import { askSecret, readSecretFromStdin } from "../terminal/prompt.ts";
import { type ConfirmOptions, isConfirmed } from "./confirm.ts";

const COLUMNS: Column<Invite>[] = [
  { title: "id", value: (row) => row.id },
  { title: "email", value: (row) => row.email, least: 16 },
  { title: "role", value: (row) => row.role },
  { title: "status", value: (row) => row.status },
  { title: "invited by", value: (row) => row.invited_by?.email, dropped: 2, least: 12 },
  { title: "expires", value: (row) => row.expires_at, dropped: 1 },
];

/** Lists invitations. */
export async function runListInvites(
  app: App,
  options: { status?: Invite["status"] },
): Promise<void> {
  const list = await collect<Invite>(app, listInvites, { query: { status: options.status } }, "invitations");
  await printList(app, list, COLUMNS, (row) => row.id, "No invitations.");
}

/** Sends an invitation's link again. */
export async function runResendInvite(app: App, id: number): Promise<void> {
  await showInvite(
    app,
    await (await app.client()).call(resendInvite, { params: { id } }, { signal: app.signal }),
  );
}

/** Cancels an invitation after a yes. */
export async function runCancelInvite(app: App, id: number, options: ConfirmOptions): Promise<void> {
  const question = `Cancel invitation ${id}? Its link stops working.`;
  if (!await isConfirmed(app, options, question, `cancel invitation ${id}`)) {
    return await printDone(app, { id, cancelled: false }, "Nothing was cancelled.");
  }
  await (await app.client()).call(cancelInvite, { params: { id } }, { signal: app.signal });
  await printDone(app, { id, cancelled: true }, `Cancelled invitation ${id}.`, id);
}

/** Joins an organization. The token is a secret: it comes from the prompt or by pipe, never as an argument. */
export async function runAcceptInvite(app: App): Promise<void> {
  const typed = app.terminal.canAsk
    ? await askSecret(app.terminal, "the invitation", "The invitation's link or token")
    : await readSecretFromStdin("team accept");
  const token = /ia_invite_[0-9A-Za-z]+/.exec(typed)?.[0];
  if (!token) {
    throw new CliFailure(EXIT.USAGE, "That is not an invitation: its token begins with ia_invite_.");
  }
  app.secrets.add(token);
  const answer = await (await app.client()).call(acceptInvite, { body: { token } }, { signal: app.signal });
  await app.note(`You are now ${answer.role} in ${answer.organization.name}.`);
  await printRecord(app, answer, [
    ["organization", answer.organization.name],
    ["role", answer.role],
  ], answer.organization.id);
}

/** Prints a sent invitation; its link is in this answer only. */
export async function showInvite(app: App, sent: InviteSent): Promise<void> {
  await printRecord(app, sent, [
    ["id", sent.id],
    ["email", sent.email],
    ["role", sent.role],
    ["expires", sent.expires_at],
    ["link", sent.accept_url],
  ], sent.accept_url);
  await app.note(
    sent.mail_sent ? `Sent to ${sent.email}.` : "No email could be sent: pass the link on yourself.",
  );
}

/** The team: who belongs to the organization, with which role, and who is invited. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { Id, IdParam, Timestamp } from "./fields.ts";
import { anyOf, page, pagingQuery } from "./paging.ts";
import { Role } from "./permissions.ts";
import { Email, OrganizationRef } from "./session.ts";

export const Member = z.strictObject({
  id: Id.meta({ description: "The person's id; `user_id` in paths." }),
  email: z.string(),
  full_name: z.string().nullable(),
  role: Role,
  joined_at: Timestamp,
}).meta({ id: "Member" });
export type Member = z.infer<typeof Member>;

export const InviteStatus = z.enum(["pending", "accepted", "cancelled", "expired"]).meta({
  id: "InviteStatus",
});

const inviteFields = {
  id: Id,
  email: z.string(),
  role: Role,
  status: InviteStatus,
  invited_by: z.strictObject({ id: Id, email: z.string() }).nullable(),
  created_at: Timestamp,
  expires_at: Timestamp,
  accepted_at: Timestamp.nullable(),
  cancelled_at: Timestamp.nullable(),
};

export const Invite = z.strictObject(inviteFields).meta({ id: "Invite" });
export type Invite = z.infer<typeof Invite>;

export const InviteSent = z.strictObject({
  ...inviteFields,
  accept_url: z.string().meta({
    description: "The mailed link, in case you want to share it another way. Shown only in this answer.",
  }),
  mail_sent: z.boolean().meta({
    description: "False if the mail couldn't be sent: share the link yourself.",
  }),
}).meta({ id: "InviteSent" });
export type InviteSent = z.infer<typeof InviteSent>;

export const CreateInvite = z.strictObject({ email: Email, role: Role }).meta({
  id: "CreateInvite",
  examples: [{ email: "new@example.com", role: "user" }],
});

export const AcceptInvite = z.strictObject({
  token: z.string().regex(/^ia_invite_[0-9A-Za-z]{43}$/, "is not an invitation's token")
    .meta({ examples: [`ia_invite_${"x".repeat(43)}`] }),
}).meta({ id: "AcceptInvite" });

export const InviteAccepted = z.strictObject({
  organization: OrganizationRef,
  role: Role,
  has_password: z.boolean().meta({
    description:
      "False when the person has yet to set one: at the first acceptance, what others may know ends",
  }),
}).meta({ id: "InviteAccepted" });
export const InviteMailed = z.strictObject({ message: z.string() }).meta({ id: "InviteMailed" });
export type InviteAccepted = z.infer<typeof InviteAccepted>;

export const ChangeRole = z.strictObject({ role: Role }).meta({
  id: "ChangeRole",
  examples: [{ role: "user" }],
});

const tag = "Team";
const memberParams = z.object({ user_id: IdParam });
const inviteParams = z.object({ id: IdParam });

export const listTeam = endpoint({
  id: "listTeam",
  method: "GET",
  path: "/settings/team",
  tag,
  auth: "bearer",
  permission: "team:read",
  summary: "List the team and their roles",
  query: z.object(pagingQuery),
  success: { status: 200, schema: page(Member) },
});

export const changeRole = endpoint({
  id: "changeRole",
  method: "PUT",
  path: "/settings/team/:user_id",
  tag,
  auth: "bearer",
  permission: "team:write",
  summary: "Change a person's role, from their next request on",
  params: memberParams,
  body: ChangeRole,
  success: { status: 200, schema: Member },
  errors: ["NOT_FOUND", "UNPROCESSABLE"],
});

export const removeMember = endpoint({
  id: "removeMember",
  method: "DELETE",
  path: "/settings/team/:user_id",
  tag,
  auth: "bearer",
  permission: "team:write",
  summary: "Remove a person, or leave; their sessions and keys lose access at once",
  params: memberParams,
  success: { status: 204 },
  errors: ["NOT_FOUND", "UNPROCESSABLE"],
});

export const createInvite = endpoint({
  id: "createInvite",
  method: "POST",
  path: "/settings/team/invite",
  tag,
  auth: "bearer",
  permission: "team:write",
  summary: "Invite a person by email",
  body: CreateInvite,
  success: { status: 201, schema: InviteSent },
  errors: ["CONFLICT"],
});

export const listInvites = endpoint({
  id: "listInvites",
  method: "GET",
  path: "/settings/team/invites",
  tag,
  auth: "bearer",
  permission: "team:read",
  summary: "List invitations",
  query: z.object({ ...pagingQuery, status: anyOf(InviteStatus).optional() }),
  success: { status: 200, schema: page(Invite) },
});

export const getInvite = endpoint({
  id: "getInvite",
  method: "GET",
  path: "/settings/team/invites/:id",
  tag,
  auth: "bearer",
  permission: "team:read",
  summary: "Get an invitation",
  params: inviteParams,
  success: { status: 200, schema: Invite },
  errors: ["NOT_FOUND"],
});

export const resendInvite = endpoint({
  id: "resendInvite",
  method: "POST",
  path: "/settings/team/invites/:id/resend",
  tag,
  auth: "bearer",
  permission: "team:write",
  summary: "Send a new invitation link for another seven days; the old one stops working",
  params: inviteParams,
  success: { status: 200, schema: InviteSent },
  errors: ["NOT_FOUND", "UNPROCESSABLE"],
});

export const cancelInvite = endpoint({
  id: "cancelInvite",
  method: "DELETE",
  path: "/settings/team/invites/:id",
  tag,
  auth: "bearer",
  permission: "team:write",
  summary: "Cancel an invitation; it stays in the list",
  params: inviteParams,
  success: { status: 204 },
  errors: ["NOT_FOUND", "UNPROCESSABLE"],
});

export const acceptInvite = endpoint({
  id: "acceptInvite",
  method: "POST",
  path: "/settings/team/accept",
  tag,
  auth: "bearer",
  summary: "Accept an invitation; its organization becomes your active one",
  body: AcceptInvite,
  success: { status: 200, schema: InviteAccepted },
  errors: ["FORBIDDEN", "NOT_FOUND", "CONFLICT", "UNPROCESSABLE"],
});

export const remailInvite = endpoint({
  id: "remailInvite",
  method: "POST",
  path: "/settings/team/accept/mail",
  tag,
  auth: "none",
  summary: "Mail a pending invitation again if its link no longer works",
  body: AcceptInvite,
  success: { status: 202, schema: InviteMailed },
  errors: ["NOT_FOUND", "RATE_LIMITED", "UNAVAILABLE"],
});

export const InvitePreview = z.strictObject({
  organization: OrganizationRef,
  email: z.string().meta({ description: "The address the invitation was sent to." }),
  role: Role,
  status: InviteStatus,
  invited_by: z.strictObject({ email: z.string(), full_name: z.string().nullable() }).nullable(),
  expires_at: Timestamp,
}).meta({ id: "InvitePreview" });
export type InvitePreview = z.infer<typeof InvitePreview>;

export const previewInvite = endpoint({
  id: "previewInvite",
  method: "POST",
  path: "/settings/team/accept/preview",
  tag,
  auth: "none",
  summary: "What an invitation is: who invites whom, where, and as what",
  body: AcceptInvite,
  success: { status: 200, schema: InvitePreview },
  errors: ["NOT_FOUND"],
});

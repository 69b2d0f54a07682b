/** The audit log: who did what with which credential, and whether the record is whole. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { Id, text, Timestamp } from "./fields.ts";
import { page, pagingQuery } from "./paging.ts";

export const AuditEvent = z.strictObject({
  id: Id,
  sequence: z.int().positive().meta({
    description: "Position in the organization's chain; there are no gaps.",
  }),
  occurred_at: Timestamp,
  action: z.string().meta({ examples: ["api_key.created", "session.started", "access.refused"] }),
  actor_id: Id.nullable().meta({ description: "The person; null if the system did it." }),
  actor_email: z.string().nullable().meta({ description: "The email address at that time." }),
  credential_type: z.enum(["session", "api_key"]).nullable(),
  credential_id: z.string().nullable().meta({ description: "A key's prefix or a session's id." }),
  target_type: z.string().nullable(),
  target_id: z.string().nullable(),
  address: z.string().nullable(),
  user_agent: z.string().nullable(),
  request_id: z.string().nullable(),
  details: z.record(z.string(), z.unknown()),
  hash: z.string().meta({ description: "SHA-256 over this event and the hash before it, in hex." }),
}).meta({ id: "AuditEvent" });
export type AuditEvent = z.infer<typeof AuditEvent>;

const Moment = z.iso.datetime({ offset: true, error: "must be an RFC 3339 time" });

export const AuditQuery = z.object({
  ...pagingQuery,
  actor: text(254).optional().meta({ description: "A person's id, or part of their email address." }),
  credential: text(100).optional().meta({ description: "A key's prefix or a session's id." }),
  action: text(64).regex(/^[a-z_]+(\.[a-z_]+)?$/, "is not an action").optional().meta({
    description: "An action such as `api_key.created`, or a group such as `api_key`.",
  }),
  target: text(200).regex(/^[a-z_]+(:.+)?$/, "must be a type or type:id").optional().meta({
    description: "A target's type such as `api_key`, or type and id such as `api_key:7`.",
  }),
  from: Moment.optional().meta({ description: "Only events at or after this time." }),
  to: Moment.optional().meta({ description: "Only events before this time." }),
});

const ChainLink = z.strictObject({
  sequence: z.int().nonnegative(),
  hash: z.string(),
});

export const AuditVerification = z.strictObject({
  intact: z.boolean(),
  events: z.int().nonnegative().meta({ description: "Number of events checked." }),
  trimmed: z.int().nonnegative().meta({
    description: "Number of older events that the organization's retention has taken away.",
  }),
  head: ChainLink.nullable().meta({
    description: "The newest link. Keep a copy elsewhere to prove later that nothing was cut off.",
  }),
  broken: z.strictObject({
    sequence: z.int().positive(),
    event_id: Id.nullable().meta({ description: "The event at that position; null if it is missing." }),
    fault: z.enum(["changed", "missing", "unlinked"]).meta({
      description: "`changed`: differs from what was recorded. `missing`: the position is empty. " +
        "`unlinked`: doesn't follow from the event before it.",
    }),
  }).nullable().meta({ description: "The first broken link." }),
}).meta({ id: "AuditVerification" });
export type AuditVerification = z.infer<typeof AuditVerification>;

const tag = "Audit log";

export const listAuditEvents = endpoint({
  id: "listAuditEvents",
  method: "GET",
  path: "/settings/audit-log",
  tag,
  auth: "bearer",
  permission: "audit:read",
  summary: "List audit events, newest first",
  query: AuditQuery,
  success: { status: 200, schema: page(AuditEvent) },
});

export const verifyAuditLog = endpoint({
  id: "verifyAuditLog",
  method: "GET",
  path: "/settings/audit-log/verify",
  tag,
  auth: "bearer",
  permission: "audit:read",
  summary: "Verify the audit chain and report the first broken link",
  success: { status: 200, schema: AuditVerification },
});

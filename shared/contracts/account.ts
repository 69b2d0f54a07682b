/** One's own sessions and password. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { Timestamp } from "./fields.ts";
import { NewPassword, Password } from "./session.ts";

export const AccountSession = z.strictObject({
  id: z.uuid(),
  created_at: Timestamp,
  last_used_at: Timestamp.meta({ description: "When it last renewed its token." }),
  ip: z.string().nullable(),
  user_agent: z.string().nullable(),
  aal: z.enum(["aal1", "aal2"]),
  current: z.boolean(),
}).meta({ id: "AccountSession" });
export type AccountSession = z.infer<typeof AccountSession>;

export const ChangePassword = z.strictObject({ current_password: Password, password: NewPassword })
  .meta({
    id: "ChangePassword",
    examples: [{ current_password: "your-password", password: "a-long-password" }],
  });

const tag = "Account";

export const listSessions = endpoint({
  id: "listSessions",
  method: "GET",
  path: "/auth/sessions",
  tag,
  auth: "bearer",
  summary: "Where one is signed in",
  success: { status: 200, schema: z.array(AccountSession) },
});

export const endSession = endpoint({
  id: "endSession",
  method: "DELETE",
  path: "/auth/sessions/:id",
  tag,
  auth: "bearer",
  summary: "End a session of one's own; it is dead on its next request",
  params: z.object({ id: z.uuid() }),
  success: { status: 204 },
  errors: ["NOT_FOUND"],
});

export const endOtherSessions = endpoint({
  id: "endOtherSessions",
  method: "DELETE",
  path: "/auth/sessions",
  tag,
  auth: "bearer",
  summary: "End every session of one's own but this",
  success: { status: 204 },
});

export const changePassword = endpoint({
  id: "changePassword",
  method: "POST",
  path: "/auth/password",
  tag,
  auth: "bearer",
  summary: "Change one's password, knowing the old one; every other session ends",
  body: ChangePassword,
  success: { status: 204 },
  errors: ["INVALID_CREDENTIALS", "UNPROCESSABLE"],
});

const rows = z.array(z.looseObject({}));

export const PersonExport = z.strictObject({
  profile: z.looseObject({}),
  memberships: rows,
  sessions: rows,
  api_keys: rows,
  invitations: rows,
  audit_events: rows.meta({ description: "What you did; the newest 10,000." }),
  drift_steps: rows.meta({ description: "Drifts you moved; the newest 10,000." }),
}).meta({ id: "PersonExport" });

export const exportMe = endpoint({
  id: "exportMe",
  method: "GET",
  path: "/auth/me/export",
  tag,
  auth: "bearer",
  summary: "Get everything that is kept about you",
  success: { status: 200, schema: PersonExport },
});

export const eraseMe = endpoint({
  id: "eraseMe",
  method: "DELETE",
  path: "/auth/me",
  tag,
  auth: "bearer",
  summary: "Erase yourself: your account, your keys, and your name in every audit log",
  success: { status: 204 },
  errors: ["UNPROCESSABLE", "REAUTHENTICATION_REQUIRED"],
});

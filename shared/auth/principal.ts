/** Who is calling, as admission found it in the database at this request. */
import { z } from "zod";
import { PERMISSIONS, Role } from "../contracts/permissions.ts";

/** The row `private.principal` of a living credential; `organization_id` is null for somebody in none. */
export const Principal = z.object({
  profile_id: z.int(),
  user_id: z.uuid(),
  email: z.string(),
  full_name: z.string().nullable(),
  profile_created_at: z.string(),
  organization_id: z.int().nullable(),
  organization_name: z.string().nullable(),
  role: Role.nullable(),
  permissions: z.array(z.enum(PERMISSIONS)),
  session_id: z.string().nullable(),
  /** What a session has proved; null for a key. */
  aal: z.enum(["aal1", "aal2"]).nullable(),
  api_key_id: z.int().nullable(),
  api_key_name: z.string().nullable(),
  api_key_prefix: z.string().nullable(),
  /** A key's own end; a session's token has its end in its claims. */
  expires_at: z.string().nullable(),
});
export type Principal = z.infer<typeof Principal>;

/**
 * What logs may call the principal: its public id, never a secret.
 * @returns such as `user:7` or `key:ia_live_4fQ0aZ81Kp`
 */
export function publicName(principal: Principal): string {
  return principal.api_key_prefix ? `key:${principal.api_key_prefix}` : `user:${principal.profile_id}`;
}

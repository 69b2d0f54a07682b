/** The closed lists of roles and permissions, and what each role may do by itself. */
import { z } from "zod";

export const PERMISSIONS = [
  "resources:read",
  "resources:write",
  "drifts:read",
  "drifts:write",
  "api_keys:read",
  "api_keys:write",
  "team:read",
  "team:write",
  "audit:read",
] as const;

export const Permission = z.enum(PERMISSIONS).meta({
  id: "Permission",
  description:
    "One permission. A credential has its role's permissions; an API key only those among its scopes.",
});
export type Permission = z.infer<typeof Permission>;

/** From most to least powerful. */
export const ROLES = ["owner", "admin", "user", "viewer"] as const;

export const Role = z.enum(ROLES).meta({ id: "Role", description: "A person's role in one organization." });
export type Role = z.infer<typeof Role>;

/**
 * What each role may do: documentation and the web page's hints. The decision itself is Postgres's
 * (`private.role_permissions`); a test keeps both equal.
 */
export const ROLE_PERMISSIONS: Record<Role, readonly Permission[]> = {
  owner: PERMISSIONS,
  admin: PERMISSIONS.filter((permission) => permission !== "team:write"),
  user: [
    "resources:read",
    "resources:write",
    "drifts:read",
    "drifts:write",
    "api_keys:read",
    "api_keys:write",
    "team:read",
  ],
  viewer: ["resources:read", "drifts:read", "team:read"],
};

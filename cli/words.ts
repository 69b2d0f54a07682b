/** The closed lists that the command line names, free of the schemas: help and completion load nothing else. */
import type { Drift } from "../shared/contracts/drifts.ts";
import type { Permission, Role } from "../shared/contracts/permissions.ts";
import type { Resource } from "../shared/contracts/resources.ts";
import type { Invite } from "../shared/contracts/team.ts";
import type { Webhook } from "../shared/contracts/webhooks.ts";

/** Every member of a union as a list; a missing or foreign one is a type error. */
function every<Union extends string>() {
  return <const List extends readonly Union[]>(
    list: [Union] extends [List[number]] ? List : never,
  ): List => list;
}

export const OUTPUTS = ["table", "json", "yaml"] as const;
export type Output = typeof OUTPUTS[number];

export const SEVERITIES = every<Drift["severity"]>()(["critical", "high", "medium", "low"]);
export const DRIFT_TYPES = every<Drift["drift_type"]>()(["configuration", "security", "compliance"]);
export const DRIFT_STATUSES = every<Drift["status"]>()(["detected", "investigating", "resolved"]);
export const RESOURCE_STATUSES = every<Resource["status"]>()(["active", "stopped", "deleted"]);
export const INVITE_STATUSES = every<Invite["status"]>()(["pending", "accepted", "cancelled", "expired"]);
export const WEBHOOK_FORMATS = every<Webhook["format"]>()(["standard", "slack", "teams"]);
export const WEBHOOK_EVENTS = every<Webhook["events"][number]>()([
  "drift.detected",
  "drift.resolved",
  "key.expiring",
  "key.leaked",
  "member.joined",
  "member.left",
  "member.removed",
  "member.role_changed",
  "webhook.disabled",
]);
export const ROLES = every<Role>()(["owner", "admin", "user", "viewer"]);
export const PERMISSIONS = every<Permission>()([
  "resources:read",
  "resources:write",
  "drifts:read",
  "drifts:write",
  "api_keys:read",
  "api_keys:write",
  "team:read",
  "team:write",
  "audit:read",
]);

export const DEFAULT_SERVER_URL = "https://api.infraaudit.dev";
/** The profile at the file's top level. */
export const DEFAULT_PROFILE = "default";

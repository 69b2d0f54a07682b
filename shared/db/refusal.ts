/** Asks Postgres why a query found nothing: row-level security hides rows, the contract names refusals. */
import type { Permission } from "../contracts/permissions.ts";
import { ApiError } from "../errors/api_error.ts";
import type { CallerDatabase } from "./client.ts";
import { unwrap } from "./unwrap.ts";

/** Tables whose rows have an id in a path; Postgres has the same list (`private.addressable_tables`). */
export const REFUSABLE_RELATIONS = [
  "resources",
  "api_keys",
  "invites",
  "memberships",
  "baselines",
  "drifts",
  "ignore_rules",
  "trust_policies",
  "webhooks",
  "webhook_deliveries",
] as const;
export type RefusableRelation = (typeof REFUSABLE_RELATIONS)[number];

/**
 * After an empty list: was it empty because the caller lacks the permission?
 * @throws ApiError FORBIDDEN when Postgres says so
 */
export async function refuseIfForbidden(db: CallerDatabase, permission: Permission): Promise<void> {
  await db.admitted();
  unwrap(await db.rpc("explain_refusal", { p_permission: permission }));
}

/**
 * After a query by id found or changed nothing; never returns.
 * @throws ApiError FORBIDDEN when the caller lacks the permission or the row is somebody else's, else NOT_FOUND
 */
export async function refuseOrNotFound(
  db: CallerDatabase,
  permission: Permission,
  relation: RefusableRelation,
  id: number,
): Promise<never> {
  await db.admitted();
  unwrap(await db.rpc("explain_refusal", { p_permission: permission, p_relation: relation, p_id: id }));
  throw new ApiError("NOT_FOUND", "Nothing has this id.");
}

/**
 * After an empty list of what belongs to a resource: there may be nothing in it, or no such resource.
 * @throws ApiError FORBIDDEN when the caller lacks the permission or the row is another organization's, NOT_FOUND when
 *   there is none
 */
export async function refuseUnlessOwn(
  db: CallerDatabase,
  permission: Permission,
  relation: RefusableRelation,
  id: number,
): Promise<void> {
  await db.admitted();
  const query = { p_permission: permission, p_relation: relation, p_id: id, or_own: true };
  if (!unwrap(await db.rpc("explain_refusal", query))) {
    throw new ApiError("NOT_FOUND", "Nothing has this id.");
  }
}

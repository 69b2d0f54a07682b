/** The organization over HTTP: its name and its rules. */
import {
  deleteOrganization,
  getOrganization,
  Organization,
  updateOrganization,
} from "../../../shared/contracts/organization.ts";
import { unwrap } from "../../../shared/db/unwrap.ts";
import { ApiError } from "../../../shared/errors/api_error.ts";
import type { App } from "../../../shared/http/base_app.ts";
import type { Deps } from "../../../shared/http/deps.ts";
import { route } from "../../../shared/http/route.ts";
import { wakeWorker } from "../../../shared/jobs/wake.ts";

const COLUMNS = "id, name, require_mfa, drift_retention_days, audit_retention_days, created_at";

export function addOrganizationRoutes(app: App, deps: Deps): void {
  route(app, deps, getOrganization, async ({ db }) => {
    const row = unwrap(await db.from("organizations").select(COLUMNS).maybeSingle());
    if (!row) throw new ApiError("FORBIDDEN", "You're not in an organization. Ask for an invitation.");
    return Organization.parse(row);
  });

  route(
    app,
    deps,
    updateOrganization,
    async ({ db, body }) =>
      Organization.parse(unwrap(await db.rpc("update_organization", { p_changes: body }).single())),
  );

  route(app, deps, deleteOrganization, async ({ db, body }) => {
    unwrap(await db.rpc("delete_organization", { p_name: body.name }));
    deps.background(wakeWorker(deps.env));
    return { message: `${body.name} is being erased.` };
  });
}

/** One resource's drifts over HTTP. */
import { listResourceDrifts } from "../../../shared/contracts/drifts.ts";
import { driftList } from "../../../shared/detection/drift_rows.ts";
import { unwrap } from "../../../shared/db/unwrap.ts";
import { ApiError } from "../../../shared/errors/api_error.ts";
import type { App } from "../../../shared/http/base_app.ts";
import type { Deps } from "../../../shared/http/deps.ts";
import { fetchPage } from "../../../shared/http/paging.ts";
import { route } from "../../../shared/http/route.ts";

export function addResourceDriftsRoute(app: App, deps: Deps): void {
  route(app, deps, listResourceDrifts, async ({ db, params, query }) => {
    const page = await fetchPage(driftList(db, { ...query, resource_id: params.id }));
    // No drift may mean no drift or no such resource: Postgres tells which.
    if (page.data.length === 0) {
      const isThere = unwrap(await db.rpc("has_resource", { p_permission: "drifts:read", p_id: params.id }));
      if (!isThere) throw new ApiError("NOT_FOUND", "Nothing has this id.");
    }
    return page;
  });
}

/** One resource's drifts over HTTP. */
import { listResourceDrifts } from "../../../shared/contracts/drifts.ts";
import { driftList } from "../../../shared/detection/drift_rows.ts";
import { refuseUnlessOwn } from "../../../shared/db/refusal.ts";
import type { App } from "../../../shared/http/base_app.ts";
import type { Deps } from "../../../shared/http/deps.ts";
import { fetchPage, showsRows } from "../../../shared/http/paging.ts";
import { route } from "../../../shared/http/route.ts";

export function addResourceDriftsRoute(app: App, deps: Deps): void {
  route(app, deps, listResourceDrifts, async ({ db, params, query }) => {
    const page = await fetchPage(driftList(db, { ...query, resource_id: params.id }));
    // No drift may mean no drift or no such resource: Postgres tells which.
    if (page.data.length === 0) await refuseUnlessOwn(db, "drifts:read", "resources", params.id);
    return page;
  }, showsRows);
}

/** Counts of the organization's resources over HTTP, by status and by source, as row-level security lets the caller see them. */
import {
  listResourceSources,
  type ResourceSummary,
  summarizeResources,
} from "../../../shared/contracts/resources.ts";
import { refuseIfForbidden } from "../../../shared/db/refusal.ts";
import { unwrap } from "../../../shared/db/unwrap.ts";
import type { App } from "../../../shared/http/base_app.ts";
import type { Deps } from "../../../shared/http/deps.ts";
import { route } from "../../../shared/http/route.ts";

export function addSummaryRoute(app: App, deps: Deps): void {
  route(app, deps, summarizeResources, async ({ db }) => {
    const counts = unwrap(await db.rpc("count_resources")) ?? [];
    if (counts.length === 0) await refuseIfForbidden(db, "resources:read");
    const summary: ResourceSummary = {
      total: 0,
      by_status: { active: 0, stopped: 0, deleted: 0 },
      last_seen_at: null,
    };
    for (const { status, count, last_seen_at } of counts) {
      summary.by_status[status as keyof ResourceSummary["by_status"]] = count;
      if (status === "deleted") continue;
      summary.total += count;
      if (summary.last_seen_at === null || Date.parse(last_seen_at) > Date.parse(summary.last_seen_at)) {
        summary.last_seen_at = last_seen_at;
      }
    }
    return summary;
  }, ({ total, by_status }) => total + by_status.deleted > 0);

  route(app, deps, listResourceSources, async ({ db }) => {
    const sources = unwrap(await db.rpc("list_resource_sources")) ?? [];
    if (sources.length === 0) await refuseIfForbidden(db, "resources:read");
    return sources;
  });
}

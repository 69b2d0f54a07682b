/** Baselines over HTTP. Who may see or change which is decided by row-level security, never in this file. */
import {
  Baseline,
  type BaselineDetail,
  compareBaselines,
  createBaseline,
  deleteBaseline,
  getBaseline,
  listBaselines,
} from "../../../shared/contracts/baselines.ts";
import type { CallerDatabase } from "../../../shared/db/client.ts";
import { runDetection } from "../../../shared/detection/run_detection.ts";
import { refuseOrNotFound } from "../../../shared/db/refusal.ts";
import { unwrap } from "../../../shared/db/unwrap.ts";
import { detectDrifts } from "../../../shared/drift/detect.ts";
import type { JsonRecord } from "../../../shared/drift/json.ts";
import { ApiError } from "../../../shared/errors/api_error.ts";
import { baseApp } from "../../../shared/http/base_app.ts";
import type { Deps } from "../../../shared/http/deps.ts";
import { fetchPage, showsRows } from "../../../shared/http/paging.ts";
import { isOfARow, route } from "../../../shared/http/route.ts";

const COLUMNS = "id,resource_id,origin,is_current,created_by,created_at";
const DETAIL_COLUMNS = `${COLUMNS},configuration,tags`;

export function createApp(deps: Deps) {
  const app = baseApp(deps);

  route(app, deps, listBaselines, async ({ db, query }) => {
    return await fetchPage({
      db,
      query,
      permission: "resources:read",
      row: Baseline,
      sort: [{ column: "id", ascending: false }],
      select: (options) => {
        const selection = db.from("baselines").select(COLUMNS, options);
        return query.resource_id ? selection.eq("resource_id", query.resource_id) : selection;
      },
    });
  }, showsRows);

  route(app, deps, createBaseline, async ({ db, body }) => {
    const row = unwrap(
      await db.rpc("promote_baseline", { p_resource_id: body.resource_id }).select(COLUMNS).maybeSingle(),
    );
    return (row ?? await refuseOrNotFound(db, "resources:write", "resources", body.resource_id)) as Baseline;
  });

  route(app, deps, getBaseline, async ({ db, params }) => {
    return await findBaseline(db, params.id);
  }, isOfARow);

  route(app, deps, deleteBaseline, async ({ db, params }) => {
    const resourceId = unwrap(await db.rpc("delete_baseline", { p_id: params.id })) as number | null;
    if (resourceId === null) await refuseOrNotFound(db, "resources:write", "baselines", params.id);
    // An older baseline became current: what differs from it is drift now.
    else if (resourceId > 0) await runDetection(db, [resourceId]);
  });

  route(app, deps, compareBaselines, async ({ db, params }) => {
    const [one, other] = await Promise.all([findBaseline(db, params.id), findBaseline(db, params.other)]);
    if (one.resource_id !== other.resource_id) {
      throw new ApiError("UNPROCESSABLE", "The two baselines belong to different resources.");
    }
    const type = await resourceType(db, one.resource_id);
    const changes = detectDrifts(type, captured(one), captured(other));
    return {
      baseline_id: one.id,
      other_id: other.id,
      changes: changes.map(({ field_path, drift_type, severity, reason, baseline_value, current_value }) => ({
        field_path,
        drift_type,
        severity,
        reason,
        before: baseline_value,
        after: current_value,
      })),
    };
  }, isOfARow);

  return app;
}

async function findBaseline(db: CallerDatabase, id: number): Promise<BaselineDetail> {
  const row = unwrap(await db.from("baselines").select(DETAIL_COLUMNS).eq("id", id).maybeSingle());
  return (row ?? await refuseOrNotFound(db, "resources:read", "baselines", id)) as BaselineDetail;
}

async function resourceType(db: CallerDatabase, id: number): Promise<string> {
  const row = unwrap(await db.from("resources").select("resource_type").eq("id", id).maybeSingle());
  return row?.resource_type ?? "";
}

function captured({ configuration, tags }: BaselineDetail) {
  return { configuration: configuration as JsonRecord, tags };
}

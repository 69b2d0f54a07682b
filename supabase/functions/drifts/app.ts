/** Drifts over HTTP. Who may see or change which is decided by row-level security, never in this file. */
import {
  detectDrifts,
  type DriftSummary,
  getDrift,
  listDrifts,
  resolveDrift,
  summarizeDrifts,
  updateDrift,
} from "../../../shared/contracts/drifts.ts";
import { runDetection } from "../../../shared/detection/run_detection.ts";
import {
  DETAIL_COLUMNS,
  selectDrifts,
  toDriftDetail,
  toDriftPage,
} from "../../../shared/detection/drift_rows.ts";
import { refuseIfForbidden, refuseOrNotFound } from "../../../shared/db/refusal.ts";
import { unwrap } from "../../../shared/db/unwrap.ts";
import { baseApp } from "../../../shared/http/base_app.ts";
import type { Deps } from "../../../shared/http/deps.ts";
import { fetchPage } from "../../../shared/http/paging.ts";
import { route } from "../../../shared/http/route.ts";

const NEWEST_FIRST = { ascending: false };

export function createApp(deps: Deps) {
  const app = baseApp(deps);

  route(app, deps, listDrifts, async ({ db, query }) => {
    const page = await fetchPage(query, (options) => selectDrifts(db, query, options), NEWEST_FIRST);
    if (page.meta.total === 0) await refuseIfForbidden(db, "drifts:read");
    return toDriftPage(page);
  });

  route(app, deps, summarizeDrifts, async ({ db }) => {
    const counts = unwrap(await db.rpc("count_drifts")) ?? [];
    if (counts.length === 0) await refuseIfForbidden(db, "drifts:read");
    return summarize(counts);
  });

  route(app, deps, getDrift, async ({ db, params }) => {
    const row = unwrap(await db.from("drifts").select(DETAIL_COLUMNS).eq("id", params.id).maybeSingle());
    return toDriftDetail(row ?? await refuseOrNotFound(db, "drifts:read", "drifts", params.id));
  });

  route(app, deps, updateDrift, async ({ db, params, body }) => {
    const row = unwrap(
      await db.rpc("update_drift", { p_id: params.id, p_status: body.status }).select(DETAIL_COLUMNS)
        .maybeSingle(),
    );
    return toDriftDetail(row ?? await refuseOrNotFound(db, "drifts:write", "drifts", params.id));
  });

  route(app, deps, resolveDrift, async ({ db, params, body }) => {
    const row = unwrap(
      await db.rpc("resolve_drift", {
        p_id: params.id,
        p_capture_baseline: body?.capture_baseline ?? false,
      }).select(DETAIL_COLUMNS).maybeSingle(),
    );
    return toDriftDetail(row ?? await refuseOrNotFound(db, "drifts:write", "drifts", params.id));
  });

  route(app, deps, detectDrifts, async ({ db, body }) => {
    // Whoever may only write resources has them judged by their writes, not on request.
    await refuseIfForbidden(db, "drifts:write");
    const job_id = crypto.randomUUID();
    const { checked, drifted, unknown } = await runDetection(db, body?.resource_ids, { job_id });
    if (unknown.length > 0) await refuseOrNotFound(db, "drifts:write", "resources", unknown[0]!);
    return {
      job_id,
      status: "completed" as const,
      message: `Compared ${count(checked, "resource")}: ${drifted} ${drifted === 1 ? "is" : "are"} drifted.`,
    };
  });

  return app;
}

function summarize(counts: { severity: string; status: string; count: number }[]): DriftSummary {
  const summary: DriftSummary = {
    total: 0,
    by_severity: { critical: 0, high: 0, medium: 0, low: 0 },
    by_status: { detected: 0, investigating: 0, resolved: 0 },
  };
  for (const { severity, status, count } of counts) {
    summary.total += count;
    summary.by_severity[severity as keyof DriftSummary["by_severity"]] += count;
    summary.by_status[status as keyof DriftSummary["by_status"]] += count;
  }
  return summary;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

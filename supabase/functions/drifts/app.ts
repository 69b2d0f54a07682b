/** Drifts over HTTP. Who may see or change which is decided by row-level security, never in this file. */
import { z } from "zod";
import {
  changeDrifts,
  detectDrifts,
  DriftSeverity,
  DriftStatus,
  DriftSummary,
  getDrift,
  listDrifts,
  resolveDrift,
  summarizeDrifts,
  updateDrift,
} from "../../../shared/contracts/drifts.ts";
import { DetectionJob, getDetectionJob } from "../../../shared/contracts/jobs.ts";
import { detectionStep } from "../../../shared/detection/detection_job.ts";
import { DETAIL_COLUMNS, driftList, toDriftDetail } from "../../../shared/detection/drift_rows.ts";
import { containing } from "../../../shared/db/containing.ts";
import { refuseIfForbidden, refuseOrNotFound } from "../../../shared/db/refusal.ts";
import { unwrap } from "../../../shared/db/unwrap.ts";
import { ApiError } from "../../../shared/errors/api_error.ts";
import { baseApp } from "../../../shared/http/base_app.ts";
import type { Deps } from "../../../shared/http/deps.ts";
import { fetchPage, showsRows } from "../../../shared/http/paging.ts";
import { isOfARow, route } from "../../../shared/http/route.ts";
import { wakeWorker } from "../../../shared/jobs/wake.ts";
import { work } from "../../../shared/jobs/work.ts";
import type { CallerDatabase } from "../../../shared/db/client.ts";

/** Compared while the caller waits: one step. */
const MOST_AT_ONCE = 500;
const AT_ONCE = { milliseconds: 5_000, busyMilliseconds: 700 };

export function createApp(deps: Deps) {
  const app = baseApp(deps);

  route(app, deps, listDrifts, async ({ db, query }) => {
    return await fetchPage(driftList(db, query));
  }, showsRows);

  route(app, deps, summarizeDrifts, async ({ db, query }) => {
    const summary = Summary.parse(unwrap(
      await db.rpc("summarize_drifts", {
        p_severity: query.severity,
        p_type: query.type,
        p_status: query.status,
        p_resource_id: query.resource_id,
        p_search: query.q && containing(query.q),
        p_days: query.days,
        p_utc_offset: query.utc_offset,
      }),
    ));
    if (summary.counts.length === 0) await refuseIfForbidden(db, "drifts:read");
    return summarize(summary);
  }, ({ total, ignored }) => total + ignored > 0);

  route(app, deps, getDrift, async ({ db, params }) => {
    const row = unwrap(await db.from("drifts").select(DETAIL_COLUMNS).eq("id", params.id).maybeSingle());
    return toDriftDetail(db, row ?? await refuseOrNotFound(db, "drifts:read", "drifts", params.id));
  }, isOfARow);

  route(app, deps, updateDrift, async ({ db, params, body }) => {
    const change = body.status
      ? db.rpc("update_drift", { p_id: params.id, p_status: body.status, p_note: body.note })
      : db.rpc("note_drift", { p_id: params.id, p_note: body.note! });
    const row = unwrap(await change.select(DETAIL_COLUMNS).maybeSingle());
    return toDriftDetail(db, row ?? await refuseOrNotFound(db, "drifts:write", "drifts", params.id));
  });

  route(app, deps, resolveDrift, async ({ db, params, body }) => {
    const row = unwrap(
      await db.rpc("resolve_drift", {
        p_id: params.id,
        p_resolution: body?.capture_baseline ? "accepted" : body?.resolution,
        p_note: body?.note,
      }).select(DETAIL_COLUMNS).maybeSingle(),
    );
    return toDriftDetail(db, row ?? await refuseOrNotFound(db, "drifts:write", "drifts", params.id));
  });

  route(app, deps, changeDrifts, async ({ db, body }) => {
    const changed = unwrap(
      await db.rpc("change_drifts", { p_ids: body.ids, p_status: body.status, p_note: body.note }),
    ) ?? [];
    const moved = new Set(changed);
    return { changed, unchanged: [...new Set(body.ids)].filter((id) => !moved.has(id)) };
  });

  route(app, deps, detectDrifts, async ({ db, body }) => {
    const asked = Asked.parse(
      unwrap(await db.rpc("request_detection", { p_resource_ids: body?.resource_ids })),
    );
    if (asked.id === null) {
      return await refuseOrNotFound(db, "drifts:write", "resources", asked.unknown[0]!);
    }
    if (asked.is_new && asked.total <= MOST_AT_ONCE) {
      await work(deps.service, { detection: detectionStep }, { ...AT_ONCE, only: asked.id });
    }
    const { status, done, found, total } = await findJob(db, asked.id);
    if (status === "done") {
      const message = `Compared ${count(done, "resource")}: ${found} ${found === 1 ? "is" : "are"} drifted.`;
      return { job_id: asked.id, status: "completed" as const, message };
    }
    deps.background(wakeWorker(deps.env));
    const message = `Comparing ${count(total, "resource")}. Ask for the job to see how far it is.`;
    return { job_id: asked.id, status: "running" as const, message };
  });

  route(app, deps, getDetectionJob, ({ db, params }) => findJob(db, params.id));

  return app;
}

/** What `request_detection` answers. */
const Asked = z.object({
  /** Null where `unknown` has something. */
  id: z.uuid().nullable(),
  total: z.int(),
  is_new: z.boolean(),
  unknown: z.array(z.int()),
});

async function findJob(db: CallerDatabase, id: string): Promise<DetectionJob> {
  const row = unwrap(await db.rpc("get_detection_job", { p_id: id }).maybeSingle());
  if (!row) throw new ApiError("NOT_FOUND", "There is no such comparison.");
  return DetectionJob.parse(row);
}

/** What `summarize_drifts` answers. */
const Summary = z.object({
  counts: z.array(
    z.object({ severity: DriftSeverity, status: DriftStatus, is_ignored: z.boolean(), count: z.int() }),
  ),
  days: DriftSummary.shape.by_day.unwrap().nullable(),
});

function summarize({ counts, days }: z.infer<typeof Summary>): DriftSummary {
  const summary: DriftSummary = {
    total: 0,
    by_severity: { critical: 0, high: 0, medium: 0, low: 0 },
    by_status: { detected: 0, investigating: 0, resolved: 0 },
    ignored: 0,
  };
  for (const { severity, status, is_ignored, count } of counts) {
    if (is_ignored) {
      if (status !== "resolved") summary.ignored += count;
      continue;
    }
    summary.total += count;
    summary.by_severity[severity] += count;
    summary.by_status[status] += count;
  }
  return days ? { ...summary, by_day: days } : summary;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

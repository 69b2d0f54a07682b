/** Drifts as rows: the columns that the contract shows, and the filters of its lists. */
import type { z } from "zod";
import type { Drift, DriftDetail, DriftQuery, DriftStep } from "../contracts/drifts.ts";
import type { Json as DriftJson } from "../drift/json.ts";
import { valueDiff } from "../drift/value_diff.ts";
import type { CallerDatabase } from "../db/client.ts";
import { containing } from "../db/containing.ts";
import { unwrap } from "../db/unwrap.ts";

const LIST_COLUMNS =
  "id,resource_id,resource_name,resource_type,drift_type,severity,status,summary,baseline_value,current_value,detected_at";
/** The columns of {@link DriftDetail} but its `diff`, which is computed. */
export const DETAIL_COLUMNS =
  `${LIST_COLUMNS},field_path,reason,rule,control,last_seen_at,resolution,resolved_at`;
const STEP_COLUMNS = "occurred_at,status,resolution,note,actor_id,actor_email,credential_type";
const MOST_STEPS = 100;

/** The list's query, for `fetchPage`. */
export function selectDrifts(
  db: CallerDatabase,
  filter: z.output<typeof DriftQuery>,
  options: { count?: "exact"; head?: boolean },
) {
  let selection = db.from("drifts").select(LIST_COLUMNS as "*", options);
  if (filter.severity) selection = selection.eq("severity", filter.severity);
  if (filter.type) selection = selection.eq("drift_type", filter.type);
  if (filter.status) selection = selection.eq("status", filter.status);
  if (filter.resource_id) selection = selection.eq("resource_id", filter.resource_id);
  if (filter.q) selection = selection.like("search_text", containing(filter.q));
  return selection;
}

/** A page of drift rows as the contract's. */
export function toDriftPage<Meta>(page: { data: unknown[]; meta: Meta }) {
  return page as { data: Drift[]; meta: Meta };
}

/** A row with {@link DETAIL_COLUMNS} as the contract's detail, its values taken apart, with its history. */
export async function toDriftDetail(db: CallerDatabase, row: unknown): Promise<DriftDetail> {
  const drift = row as Omit<DriftDetail, "diff" | "history">;
  const diff = valueDiff(
    drift.field_path,
    drift.baseline_value as DriftJson,
    drift.current_value as DriftJson,
    drift.resource_type,
  );
  const latest = unwrap(
    await db.from("drift_steps").select(STEP_COLUMNS).eq("drift_id", drift.id)
      .order("id", { ascending: false }).limit(MOST_STEPS),
  );
  return { ...drift, diff, history: (latest as DriftStep[]).reverse() };
}

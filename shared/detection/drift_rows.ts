/** Drifts as rows: the columns that the contract shows, and the filters of its lists. */
import type { z } from "zod";
import type { Drift, DriftDetail, DriftQuery } from "../contracts/drifts.ts";
import type { Json as DriftJson } from "../drift/json.ts";
import { valueDiff } from "../drift/value_diff.ts";
import type { CallerDatabase } from "../db/client.ts";

const LIST_COLUMNS =
  "id,resource_id,resource_name,resource_type,drift_type,severity,status,summary,baseline_value,current_value,detected_at";
/** The columns of {@link DriftDetail} but its `diff`, which is computed. */
export const DETAIL_COLUMNS =
  `${LIST_COLUMNS},field_path,reason,rule,control,last_seen_at,resolution,resolved_at`;

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
  return selection;
}

/** A page of drift rows as the contract's. */
export function toDriftPage<Meta>(page: { data: unknown[]; meta: Meta }) {
  return page as { data: Drift[]; meta: Meta };
}

/** A row with {@link DETAIL_COLUMNS} as the contract's detail, its values taken apart. */
export function toDriftDetail(row: unknown): DriftDetail {
  const drift = row as Omit<DriftDetail, "diff">;
  const diff = valueDiff(
    drift.field_path,
    drift.baseline_value as DriftJson,
    drift.current_value as DriftJson,
  );
  return { ...drift, diff };
}

/** Drifts as rows: the columns that the contract shows, and the filters of its lists. */
import { z } from "zod";
import { Drift, DriftDetail, type DriftQuery, DriftStep } from "../contracts/drifts.ts";
import { fixOf } from "../drift/fix.ts";
import type { Json } from "../drift/json.ts";
import { listedValue } from "../drift/value_cut.ts";
import { valueDiff } from "../drift/value_diff.ts";
import type { CallerDatabase } from "../db/client.ts";
import { containing } from "../db/containing.ts";
import { unwrap } from "../db/unwrap.ts";

const LIST_COLUMNS =
  "id,resource_id,resource_name,resource_type,drift_type,severity,status,summary,baseline_value,current_value,detected_at";
/** The columns of {@link DriftDetail} but its `diff`, which is computed. */
export const DETAIL_COLUMNS =
  `${LIST_COLUMNS},field_path,reason,rule,control,last_seen_at,resolution,resolved_at,address,changed_by,changed_at,` +
  "ignore_rule_id,ignored_until";
const STEP_COLUMNS = "occurred_at,status,resolution,note,actor_id,actor_email,credential_type";
const MOST_STEPS = 100;

/** Only for sorting; no answer shows it. */
const SORT_COLUMN = { severity: "severity_rank" } as const;

const Listed = z.unknown().transform((value) => listedValue(value as Json));
/** Long values are for who looks at one drift. */
const ListedDrift = Drift.extend({ baseline_value: Listed, current_value: Listed });

/** A list of drifts, for `fetchPage`: newest first unless the query sorts them. */
export function driftList(db: CallerDatabase, query: z.output<typeof DriftQuery>) {
  const order = query.sort ?? [{ field: "id" as const, ascending: false }];
  return {
    db,
    query,
    permission: "drifts:read" as const,
    row: ListedDrift,
    sort: order.map(({ field, ascending }) => ({
      column: field === "severity" ? SORT_COLUMN[field] : field,
      ascending,
    })),
    select: (options: { count?: "exact"; head?: boolean }) => {
      let selection = db.from("drifts").select(`${LIST_COLUMNS},last_seen_at,severity_rank`, options);
      if (query.severity) selection = selection.in("severity", query.severity);
      if (query.type) selection = selection.in("drift_type", query.type);
      if (query.status) selection = selection.in("status", query.status);
      if (query.resource_id) selection = selection.eq("resource_id", query.resource_id);
      if (query.q) selection = selection.like("search_text", containing(query.q));
      const now = new Date().toISOString();
      return query.ignored ? selection.gt("ignored_until", now) : selection.lte("ignored_until", now);
    },
  };
}

const DetailRow = DriftDetail.omit({ diff: true, history: true, fix: true, module: true, ignored: true })
  .extend({
    baseline_value: z.json(),
    current_value: z.json(),
    ignore_rule_id: z.int().nullable(),
    ignored_until: z.string(),
  });

/** A row with {@link DETAIL_COLUMNS} as the contract's detail, its values taken apart, with its history. */
export async function toDriftDetail(db: CallerDatabase, row: unknown): Promise<DriftDetail> {
  const { ignore_rule_id, ignored_until, ...drift } = DetailRow.parse(row);
  const { field_path, baseline_value, current_value, resource_type } = drift;
  const diff = valueDiff(field_path, baseline_value, current_value, resource_type);
  const latest = unwrap(
    await db.from("drift_steps").select(STEP_COLUMNS).eq("drift_id", drift.id)
      .order("id", { ascending: false }).limit(MOST_STEPS),
  );
  return {
    ...drift,
    fix: fixOf(drift),
    module: moduleOf(drift.address),
    ignored: ignoredBy(ignore_rule_id, ignored_until),
    diff,
    history: z.array(DriftStep).parse(latest).reverse(),
  };
}

/** `module.a["x"].module.b.aws_s3_bucket.this` → `module.a["x"].module.b`. */
function moduleOf(address: string | null): string | null {
  const modules = /^(?:module\.[\w-]+(?:\[(?:\d+|"(?:[^"\\]|\\.)*")\])?\.)+/.exec(address ?? "")?.[0];
  return modules === undefined ? null : modules.slice(0, -1);
}

function ignoredBy(ruleId: number | null, until: string): DriftDetail["ignored"] {
  if (ruleId === null) return null;
  if (until === "infinity") return { rule_id: ruleId, until: null };
  return Date.parse(until) > Date.now() ? { rule_id: ruleId, until } : null;
}

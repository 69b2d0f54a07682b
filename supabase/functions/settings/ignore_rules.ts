/** Ignore rules over HTTP. Who may read or change them is decided by row-level security, never in this file. */
import {
  createIgnoreRule,
  deleteIgnoreRule,
  getIgnoreRule,
  IgnoreRule,
  listIgnoreRules,
  updateIgnoreRule,
} from "../../../shared/contracts/ignore_rules.ts";
import { refuseOrNotFound } from "../../../shared/db/refusal.ts";
import { unwrap } from "../../../shared/db/unwrap.ts";
import type { App } from "../../../shared/http/base_app.ts";
import type { Deps } from "../../../shared/http/deps.ts";
import { fetchPage, showsRows } from "../../../shared/http/paging.ts";
import { isOfARow, route } from "../../../shared/http/route.ts";

const COLUMNS = "id,resource_type,external_id,field,severity_at_most,until,reason,created_by,created_at";

export function addIgnoreRuleRoutes(app: App, deps: Deps): void {
  route(app, deps, listIgnoreRules, async ({ db, query }) => {
    return await fetchPage({
      db,
      query,
      permission: "drifts:read",
      row: IgnoreRule,
      select: (options) => db.from("ignore_rules").select(COLUMNS, options),
    });
  }, showsRows);

  route(app, deps, createIgnoreRule, async ({ db, body }) => {
    const row = unwrap(await db.rpc("create_ignore_rule", { p_rule: body }).select(COLUMNS).single());
    return IgnoreRule.parse(row);
  });

  route(app, deps, getIgnoreRule, async ({ db, params }) => {
    const row = unwrap(await db.from("ignore_rules").select(COLUMNS).eq("id", params.id).maybeSingle());
    return IgnoreRule.parse(row ?? await refuseOrNotFound(db, "drifts:read", "ignore_rules", params.id));
  }, isOfARow);

  route(app, deps, updateIgnoreRule, async ({ db, params, body }) => {
    const row = unwrap(
      await db.rpc("update_ignore_rule", { p_id: params.id, p_changes: body }).select(COLUMNS).maybeSingle(),
    );
    return IgnoreRule.parse(row ?? await refuseOrNotFound(db, "drifts:write", "ignore_rules", params.id));
  });

  route(app, deps, deleteIgnoreRule, async ({ db, params }) => {
    const isDeleted = unwrap(await db.rpc("delete_ignore_rule", { p_id: params.id }));
    if (!isDeleted) await refuseOrNotFound(db, "drifts:write", "ignore_rules", params.id);
  });
}

/** Trust policies over HTTP. Who may trust whom with what is decided by Postgres. */
import {
  createTrustPolicy,
  deleteTrustPolicy,
  getTrustPolicy,
  listTrustPolicies,
  TrustPolicy,
  updateTrustPolicy,
} from "../../../shared/contracts/trust_policies.ts";
import { refuseIfForbidden, refuseOrNotFound } from "../../../shared/db/refusal.ts";
import { unwrap } from "../../../shared/db/unwrap.ts";
import type { App } from "../../../shared/http/base_app.ts";
import type { Deps } from "../../../shared/http/deps.ts";
import { route } from "../../../shared/http/route.ts";

export function addTrustPolicyRoutes(app: App, deps: Deps): void {
  route(app, deps, listTrustPolicies, async ({ db }) => {
    const rows = unwrap(await db.from("trust_policy_overview").select("*").order("id"))!;
    if (rows.length === 0) await refuseIfForbidden(db, "api_keys:read");
    return rows.map((row) => TrustPolicy.parse(row));
  });

  route(app, deps, createTrustPolicy, async ({ db, body }) => {
    await deps.keyPolicy();
    const row = unwrap(
      await db.rpc("create_trust_policy", {
        p_name: body.name,
        p_issuer: body.issuer,
        p_audience: body.audience,
        p_conditions: body.conditions,
        p_scopes: body.scopes,
        p_max_seconds: body.max_seconds,
      }).single(),
    );
    return TrustPolicy.parse(row);
  });

  route(app, deps, getTrustPolicy, async ({ db, params }) => {
    const row = unwrap(await db.from("trust_policy_overview").select("*").eq("id", params.id).maybeSingle());
    return TrustPolicy.parse(row ?? await refuseOrNotFound(db, "api_keys:read", "trust_policies", params.id));
  });

  route(app, deps, updateTrustPolicy, async ({ db, params, body }) => {
    await deps.keyPolicy();
    const row = unwrap(
      await db.rpc("update_trust_policy", { p_id: params.id, p_changes: body }).maybeSingle(),
    );
    return TrustPolicy.parse(
      row ?? await refuseOrNotFound(db, "api_keys:write", "trust_policies", params.id),
    );
  });

  route(app, deps, deleteTrustPolicy, async ({ db, params }) => {
    const isDeleted = unwrap(await db.rpc("delete_trust_policy", { p_id: params.id }));
    if (!isDeleted) await refuseOrNotFound(db, "api_keys:write", "trust_policies", params.id);
  });
}

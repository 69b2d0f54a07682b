/** One resource's risks over HTTP. */
import { listResourceRisks } from "../../../shared/contracts/risks.ts";
import { refuseOrNotFound } from "../../../shared/db/refusal.ts";
import { unwrap } from "../../../shared/db/unwrap.ts";
import { assess } from "../../../shared/drift/assess.ts";
import { Captured } from "./captured.ts";
import type { App } from "../../../shared/http/base_app.ts";
import type { Deps } from "../../../shared/http/deps.ts";
import { route } from "../../../shared/http/route.ts";

export function addRisksRoute(app: App, deps: Deps): void {
  route(app, deps, listResourceRisks, async ({ db, params }) => {
    const row = unwrap(
      await db.from("resources").select("id,resource_type,configuration,tags").eq("id", params.id)
        .maybeSingle(),
    ) ?? await refuseOrNotFound(db, "resources:read", "resources", params.id);
    return { resource_id: row.id, risks: assess(row.resource_type, Captured.parse(row)) };
  });
}

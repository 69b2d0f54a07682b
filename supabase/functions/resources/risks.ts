/** Risks over HTTP: of one resource, and of all, page by page. */
import { z } from "zod";
import type { ResourceQuery } from "../../../shared/contracts/resources.ts";
import { listResourceRisks, listRisks } from "../../../shared/contracts/risks.ts";
import { refuseOrNotFound } from "../../../shared/db/refusal.ts";
import { unwrap } from "../../../shared/db/unwrap.ts";
import { assess } from "../../../shared/drift/assess.ts";
import type { App } from "../../../shared/http/base_app.ts";
import type { Deps } from "../../../shared/http/deps.ts";
import { fetchPage, showsRows } from "../../../shared/http/paging.ts";
import { isOfARow, route } from "../../../shared/http/route.ts";
import { Captured } from "./captured.ts";
import { selectResources } from "../../../shared/detection/resource_selection.ts";

const COLUMNS = "id,name,resource_type,status,configuration,tags";
const CapturedResource = z.object({
  id: z.int(),
  name: z.string(),
  resource_type: z.string(),
  ...Captured.shape,
});

export function addRisksRoutes(app: App, deps: Deps): void {
  route(app, deps, listRisks, async ({ db, query: { severity, ...query } }) => {
    const { data, meta } = await fetchPage({
      db,
      query,
      permission: "resources:read",
      row: CapturedResource,
      select: (options) => selectResources(db, COLUMNS, withoutDeleted(query), options),
    });
    const wanted = severity && new Set(severity);
    return {
      data: data.map(({ id, name, resource_type, configuration, tags }) => ({
        resource_id: id,
        resource_name: name,
        resource_type,
        risks: assess(resource_type, { configuration, tags })
          .filter((risk) => wanted?.has(risk.severity) ?? true),
      })),
      meta,
    };
  }, showsRows);

  route(app, deps, listResourceRisks, async ({ db, params }) => {
    const row = unwrap(
      await db.from("resources").select("id,resource_type,configuration,tags").eq("id", params.id)
        .maybeSingle(),
    ) ?? await refuseOrNotFound(db, "resources:read", "resources", params.id);
    return { resource_id: row.id, risks: assess(row.resource_type, Captured.parse(row)) };
  }, isOfARow);
}

/** What is gone endangers nobody, unless it is asked for by name. */
function withoutDeleted(query: z.output<typeof ResourceQuery>): z.output<typeof ResourceQuery> {
  return { ...query, status: query.status ?? ["active", "stopped"] };
}

/** Resources over HTTP. Who may see or change which is decided by row-level security, never in this file. */
import {
  deleteResource,
  getResource,
  getResourceConfig,
  listResources,
  Resource,
  type ResourcePatch,
  updateResource,
  upsertResource,
} from "../../../shared/contracts/resources.ts";
import { refuseOrNotFound } from "../../../shared/db/refusal.ts";
import { unwrap } from "../../../shared/db/unwrap.ts";
import { baseApp } from "../../../shared/http/base_app.ts";
import type { Deps } from "../../../shared/http/deps.ts";
import { fetchPage, showsRows } from "../../../shared/http/paging.ts";
import { Reply } from "../../../shared/http/call.ts";
import { isOfARow, route } from "../../../shared/http/route.ts";
import { addSummaryRoute } from "./summary.ts";
import type { KeyedHash } from "../../../shared/drift/keyed_hash.ts";
import { maskSnapshot, maskTags } from "../../../shared/drift/mask_import.ts";
import { maskText } from "../../../shared/drift/sensitive_values.ts";
import { addResourceDriftsRoute } from "./resource_drifts.ts";
import { addImportRoute, sensitiveHash } from "./import.ts";
import { addRisksRoutes } from "./risks.ts";
import { RESOURCE_COLUMNS, selectResources } from "../../../shared/detection/resource_selection.ts";
import { importSnapshots } from "./write_import.ts";

export function createApp(deps: Deps) {
  const app = baseApp(deps);
  addImportRoute(app, deps);
  addResourceDriftsRoute(app, deps);
  addSummaryRoute(app, deps);
  addRisksRoutes(app, deps);

  route(app, deps, listResources, async ({ db, query }) => {
    return await fetchPage({
      db,
      query,
      permission: "resources:read",
      row: Resource,
      select: (options) => selectResources(db, RESOURCE_COLUMNS, query, options),
    });
  }, showsRows);

  route(app, deps, getResource, async ({ db, params }) => {
    const row = unwrap(await db.from("resources").select(RESOURCE_COLUMNS).eq("id", params.id).maybeSingle());
    return (row ?? await refuseOrNotFound(db, "resources:read", "resources", params.id)) as Resource;
  }, isOfARow);

  route(app, deps, getResourceConfig, async ({ db, params }) => {
    const row = unwrap(
      await db.from("resources").select("id,configuration,captured_at").eq("id", params.id).maybeSingle(),
    );
    const { id, configuration, captured_at } = row ??
      await refuseOrNotFound(db, "resources:read", "resources", params.id);
    return { resource_id: id, configuration: configuration as Record<string, unknown>, captured_at };
  }, isOfARow);

  route(app, deps, upsertResource, async ({ db, body, principal }) => {
    const hash = sensitiveHash(deps, (await principal()).organization_id);
    const { answer, resource } = await importSnapshots(db, [maskSnapshot(body, hash)]);
    return new Reply(answer.created === 1 ? 201 : 200, resource!);
  });

  route(app, deps, updateResource, async ({ db, params, body, principal }) => {
    const hash = sensitiveHash(deps, (await principal()).organization_id);
    const changes = maskChanges(body, `resource ${params.id}`, hash);
    const row = unwrap(
      await db.rpc("update_resource", { p_id: params.id, p_changes: changes }).select(RESOURCE_COLUMNS)
        .maybeSingle(),
    );
    return (row ?? await refuseOrNotFound(db, "resources:write", "resources", params.id)) as Resource;
  });

  route(app, deps, deleteResource, async ({ db, params }) => {
    const isDeleted = unwrap(await db.rpc("delete_resource", { p_id: params.id }));
    if (!isDeleted) await refuseOrNotFound(db, "resources:write", "resources", params.id);
  });

  return app;
}

/** A person's own words for a resource pass through the same masking as an import's. */
function maskChanges(changes: ResourcePatch, context: string, hash: KeyedHash): ResourcePatch {
  const { name, tags } = changes;
  return {
    ...changes,
    ...(name === undefined ? {} : { name: maskText("name", name, context, hash) }),
    ...(tags === undefined ? {} : { tags: maskTags(tags, context, hash) }),
  };
}

/** What `infraudit resources list`, `get` and `delete` do. */
import { deleteResource, listResources, type Resource } from "../../shared/contracts/resources.ts";
import type { App } from "../app.ts";
import { collect } from "../output/collect.ts";
import { printDone, printList, printRecord } from "../output/print.ts";
import type { Column } from "../output/table.ts";
import { type ConfirmOptions, isConfirmed } from "./confirm.ts";
import { findResource } from "./resource_ref.ts";
import type { ResourceListOptions } from "./resources.ts";

const COLUMNS: Column<Resource>[] = [
  { title: "id", value: (row) => row.id },
  { title: "name", value: (row) => row.name, least: 16 },
  { title: "type", value: (row) => row.resource_type, dropped: 2, least: 14 },
  { title: "provider", value: (row) => row.provider, dropped: 5 },
  { title: "region", value: (row) => row.region, dropped: 4 },
  { title: "status", value: (row) => row.status, dropped: 1 },
  { title: "last seen", value: (row) => row.last_seen_at, dropped: 3 },
];

/** Lists resources, all pages. */
export async function runListResources(app: App, options: ResourceListOptions): Promise<void> {
  const { limit, search, ...filters } = options;
  const query = { ...filters, q: search };
  const list = await collect<Resource>(app, listResources, { query }, "resources", limit);
  await printList(app, list, COLUMNS, (row) => row.id, "No resources.");
}

/** Shows one resource. */
export async function runGetResource(app: App, ref: string): Promise<void> {
  const row = await findResource(app, ref);
  const tags = Object.entries(row.tags).map(([name, value]) => `${name}=${value}`).join(", ");
  await printRecord(app, row, [
    ["id", row.id],
    ["name", row.name],
    ["external id", row.external_id],
    ["type", row.resource_type],
    ["provider", row.provider],
    ["region", row.region],
    ["status", row.status],
    ["tags", tags],
    ["last seen", row.last_seen_at],
    ["created", row.created_at],
  ], row.id);
}

/** Deletes one resource after a yes. */
export async function runDeleteResource(app: App, id: number, options: ConfirmOptions): Promise<void> {
  const question = `Delete resource ${id} with its history?`;
  if (!await isConfirmed(app, options, question, `delete resource ${id}`)) {
    return await printDone(app, { id, deleted: false }, "Nothing was deleted.");
  }
  await (await app.client()).call(deleteResource, { params: { id } }, { signal: app.signal });
  await printDone(app, { id, deleted: true }, `Deleted resource ${id}.`, id);
}

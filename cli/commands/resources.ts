/** `infraudit resources`: list, look at, import and delete resources. */
import { type Command, Option } from "commander";
import {
  deleteResource,
  listResources,
  type Resource,
  ResourceStatus,
} from "../../shared/contracts/resources.ts";
import type { App } from "../app.ts";
import { collect } from "../output/collect.ts";
import { printList, printRecord } from "../output/print.ts";
import type { Column } from "../output/table.ts";
import { isConfirmed, newGroup, parseId, parseLimit } from "./arguments.ts";
import { type ImportOptions, runImport } from "./resource_import.ts";
import { findResource, RESOURCE_REF_HELP } from "./resource_ref.ts";

export interface ResourceListOptions {
  provider?: string;
  type?: string;
  region?: string;
  status?: Resource["status"];
  search?: string;
  limit?: number;
}

export const RESOURCE_RUNNERS = {
  list: runListResources,
  get: runGetResource,
  import: runImport,
  delete: runDeleteResource,
};

export function newResourcesCommand(parent: Command, app: App, runners = RESOURCE_RUNNERS): void {
  const resources = newGroup(parent, "resources", "cloud resources and their configuration", "resource");
  resources.command("list")
    .description("every resource, or those that fit")
    .option("--provider <name>", "such as aws")
    .option("--type <type>", "such as aws_s3_bucket")
    .option("--region <region>", "such as eu-central-1")
    .addOption(new Option("--status <status>", "the resource's state").choices(ResourceStatus.options))
    .option("--search <text>", "part of the name or the external id")
    .option("--limit <rows>", "at most this many rows", parseLimit)
    .action((options: ResourceListOptions) => runners.list(app, options));
  resources.command("get")
    .description("one resource")
    .argument("<resource>", RESOURCE_REF_HELP)
    .action((ref: string) => runners.get(app, ref));
  resources.command("import")
    .description("import a JSON array of snapshots or a Terraform state, all or nothing, and find drift")
    .argument("<file>", "the file, or - for standard input")
    .option("--source <name>", "what the import is a picture of")
    .option("--full", "resources of the source that are missing here are gone")
    .action((file: string, options: ImportOptions) => runners.import(app, file, options));
  resources.command("delete")
    .description("remove a resource with its history; the cloud's own is not touched")
    .argument("<id>", "the resource's id", parseId)
    .option("-y, --yes", "do not ask")
    .action((id: number, options: { yes?: boolean }) => runners.delete(app, id, options));
}

const COLUMNS: Column<Resource>[] = [
  { title: "id", value: (row) => row.id },
  { title: "name", value: (row) => row.name },
  { title: "type", value: (row) => row.resource_type },
  { title: "provider", value: (row) => row.provider },
  { title: "region", value: (row) => row.region },
  { title: "status", value: (row) => row.status },
  { title: "last seen", value: (row) => row.last_seen_at },
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

/** Deletes one resource; a person is asked first, a script is not. */
export async function runDeleteResource(app: App, id: number, options: { yes?: boolean }): Promise<void> {
  const question = `Delete resource ${id} with its history?`;
  if (!await isConfirmed(app, options.yes, question)) return await app.note("Nothing was deleted.");
  await (await app.client()).call(deleteResource, { params: { id } }, { signal: app.signal });
  await app.note(`Deleted resource ${id}.`);
}

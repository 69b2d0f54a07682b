/** `infraudit resources`: list, look at, import and delete resources. */
import { type Command, Option } from "commander";
import type { Resource } from "../../shared/contracts/resources.ts";
import type { App } from "../app.ts";
import { RESOURCE_STATUSES } from "../words.ts";
import { later, newGroup, parseId, parseLimit, RESOURCE_REF_HELP } from "./arguments.ts";
import type { ConfirmOptions } from "./confirm.ts";

export interface ResourceListOptions {
  provider?: string;
  type?: string;
  region?: string;
  status?: Resource["status"];
  search?: string;
  limit?: number;
}

export interface ImportOptions {
  source?: string;
  full?: boolean;
  allowMassDelete?: boolean;
  dryRun?: boolean;
}

const runs = () => import("./resource_runs.ts");

export const RESOURCE_RUNNERS = {
  list: later(runs, "runListResources"),
  get: later(runs, "runGetResource"),
  import: later(() => import("./resource_import.ts"), "runImport"),
  delete: later(runs, "runDeleteResource"),
};

export function newResourcesCommand(parent: Command, app: App, runners = RESOURCE_RUNNERS): void {
  const resources = newGroup(parent, "resources", "cloud resources and their configuration", "resource");
  resources.command("list")
    .description("list resources")
    .option("--provider <name>", "such as aws")
    .option("--type <type>", "such as aws_s3_bucket")
    .option("--region <region>", "such as eu-central-1")
    .addOption(new Option("--status <status>", "the resource's state").choices(RESOURCE_STATUSES))
    .option("--search <text>", "part of the name or the external id")
    .option("--limit <rows>", "at most this many rows", parseLimit)
    .action((options: ResourceListOptions) => runners.list(app, options));
  resources.command("get")
    .description("show one resource")
    .argument("<resource>", RESOURCE_REF_HELP)
    .action((ref: string) => runners.get(app, ref));
  resources.command("import")
    .description("import a Terraform state, a plan, or a JSON array of snapshots, and find drift")
    .argument("<file>", "the file, or - for standard input")
    .option("--source <name>", "what the import is a picture of")
    .option("--full", "mark resources of the source that are missing here as deleted; needs --source")
    .option("--allow-mass-delete", "with --full: also when most of the source is missing")
    .option("--dry-run", "say what the import would do, and write nothing")
    .addHelpText(
      "after",
      "\nExample:\n  terraform show -json | infraudit resources import - --full --source production",
    )
    .action((file: string, options: ImportOptions) => runners.import(app, file, options));
  resources.command("delete")
    .description("remove a resource with its history here; the cloud's own is not touched")
    .argument("<id>", "the resource's id", parseId)
    .option("-y, --yes", "do not ask; needed without a terminal")
    .action((id: number, options: ConfirmOptions) => runners.delete(app, id, options));
}

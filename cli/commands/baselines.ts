/** `infraudit baselines`: how resources should be, and what changed between two of them. */
import type { Command } from "commander";
import type { App } from "../app.ts";
import { later, newGroup, parseId, parseLimit, RESOURCE_REF_HELP } from "./arguments.ts";

export interface BaselineListOptions {
  resource?: string;
  limit?: number;
}

const runs = () => import("./baseline_runs.ts");

export const BASELINE_RUNNERS = {
  list: later(runs, "runListBaselines"),
  create: later(runs, "runCreateBaseline"),
  compare: later(runs, "runCompareBaselines"),
};

export function newBaselinesCommand(parent: Command, app: App, runners = BASELINE_RUNNERS): void {
  const baselines = newGroup(parent, "baselines", "how resources should be", "baseline");
  baselines.command("list")
    .description("list baselines, newest first")
    .option("--resource <resource>", `only of this one: ${RESOURCE_REF_HELP}`)
    .option("--limit <rows>", "at most this many rows", parseLimit)
    .action((options: BaselineListOptions) => runners.list(app, options));
  baselines.command("create")
    .description("make a resource's current state its baseline; its open drifts are accepted")
    .argument("<resource>", RESOURCE_REF_HELP)
    .action((resource: string) => runners.create(app, resource));
  baselines.command("compare")
    .description("show what changed from one baseline to another of the same resource")
    .argument("<id>", "the first baseline's id", parseId)
    .argument("<other>", "the other baseline's id", parseId)
    .action((id: number, other: number) => runners.compare(app, id, other));
}

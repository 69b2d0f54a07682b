/** `infraudit jobs`: how far long work is. */
import type { Command } from "commander";
import type { App } from "../app.ts";
import { later, newGroup } from "./arguments.ts";

export interface JobOptions {
  wait?: boolean;
}

export const JOB_RUNNERS = { get: later(() => import("./job_runs.ts"), "runGetJob") };

export function newJobsCommand(parent: Command, app: App, runners = JOB_RUNNERS): void {
  const jobs = newGroup(parent, "jobs", "how far long comparisons are", "job");
  jobs.command("get")
    .description("show how far a job is")
    .argument("<job>", "the id that drifts detect printed")
    .option("--wait", "until it is done; a failed one ends with code 1")
    .action((id: string, options: JobOptions) => runners.get(app, id, options));
}

/** `infraudit browse`: the web page of the server, or of one thing on it, in the person's browser. */
import type { Command } from "commander";
import type { App } from "../app.ts";
import { later } from "./arguments.ts";

export interface BrowseOptions {
  /** False for `--no-browser`. */
  browser: boolean;
}

const RUN = later(() => import("./browse_run.ts"), "runBrowse");

export function newBrowseCommand(parent: Command, app: App, run = RUN): void {
  parent.command("browse")
    .alias("open")
    .description("open the web page in your browser")
    .argument("[what]", "such as drifts, resources, settings/team, or drift")
    .argument("[id]", "with drift or resource: which one")
    .option("--no-browser", "only print the address")
    .action((what: string | undefined, id: string | undefined, options: BrowseOptions) =>
      run(app, what, id, options)
    );
}

/** `infraudit status`: whether the server can serve, and who you are there. */
import type { Command } from "commander";
import type { App } from "../app.ts";
import { later } from "./arguments.ts";

const RUN = later(() => import("./status_run.ts"), "runStatus");

export function newStatusCommand(parent: Command, app: App, run = RUN): void {
  parent.command("status")
    .description("show whether the server is ready, and who you are there")
    .action(() => run(app));
}

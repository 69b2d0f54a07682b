/** `infraudit sessions`: where you are signed in, and ending it. */
import type { Command } from "commander";
import type { App } from "../app.ts";
import { later, newGroup } from "./arguments.ts";
import type { ConfirmOptions } from "./confirm.ts";

const runs = () => import("./session_runs.ts");

export const SESSION_RUNNERS = {
  list: later(runs, "runListSessions"),
  end: later(runs, "runEndSession"),
  endOthers: later(runs, "runEndOtherSessions"),
};

export function newSessionsCommand(parent: Command, app: App, runners = SESSION_RUNNERS): void {
  const sessions = newGroup(parent, "sessions", "where you are signed in", "session");
  sessions.command("list").description("list your sessions").action(() => runners.list(app));
  sessions.command("end")
    .description("sign a session out at once")
    .argument("<id>", "the session's id")
    .action((id: string) => runners.end(app, id));
  sessions.command("end-others")
    .description("sign out everywhere but here")
    .option("-y, --yes", "do not ask; needed without a terminal")
    .action((options: ConfirmOptions) => runners.endOthers(app, options));
}

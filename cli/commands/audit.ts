/** `infraudit audit`: who did what, and whether the record is whole. */
import type { Command } from "commander";
import type { App } from "../app.ts";
import { later, newGroup, parseLimit } from "./arguments.ts";

export interface AuditListOptions {
  actor?: string;
  action?: string;
  target?: string;
  from?: string;
  to?: string;
  limit?: number;
}

const runs = () => import("./audit_runs.ts");

export const AUDIT_RUNNERS = {
  list: later(runs, "runListAudit"),
  verify: later(runs, "runVerifyAudit"),
};

export function newAuditCommand(parent: Command, app: App, runners = AUDIT_RUNNERS): void {
  const audit = newGroup(parent, "audit", "who did what with which credential", "audit-log");
  audit.command("list")
    .description("list the audit log, newest first")
    .option("--actor <person>", "a person's id or email address")
    .option("--action <action>", "an action such as api_key.created, or a group such as api_key")
    .option("--target <target>", "a type such as api_key, or type and id such as api_key:7")
    .option("--from <time>", "events at or after this RFC 3339 time")
    .option("--to <time>", "events before this RFC 3339 time")
    .option("--limit <rows>", "at most this many rows", parseLimit)
    .action((options: AuditListOptions) => runners.list(app, options));
  audit.command("verify")
    .description("recompute the log's chain of hashes; exit 1 when a link is broken")
    .action(() => runners.verify(app));
}

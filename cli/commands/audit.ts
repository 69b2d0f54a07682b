/** `infraudit audit`: who did what, and whether the record is whole. */
import type { Command } from "commander";
import { type AuditEvent, listAuditEvents, verifyAuditLog } from "../../shared/contracts/audit.ts";
import type { App } from "../app.ts";
import { EXIT } from "../exit_codes.ts";
import { collect } from "../output/collect.ts";
import { printList, printRecord } from "../output/print.ts";
import type { Column } from "../output/table.ts";
import { newGroup, parseLimit } from "./arguments.ts";

export interface AuditListOptions {
  actor?: string;
  action?: string;
  target?: string;
  from?: string;
  to?: string;
  limit?: number;
}

export const AUDIT_RUNNERS = { list: runListAudit, verify: runVerifyAudit };

export function newAuditCommand(parent: Command, app: App, runners = AUDIT_RUNNERS): void {
  const audit = newGroup(parent, "audit", "who did what with which credential", "audit-log");
  audit.command("list")
    .description("the audit log, newest first")
    .option("--actor <person>", "a person's id or e-mail address")
    .option("--action <action>", "an action such as api_key.created, or a group such as api_key")
    .option("--target <target>", "a type such as api_key, or type and id such as api_key:7")
    .option("--from <time>", "events at or after this RFC 3339 time")
    .option("--to <time>", "events before this RFC 3339 time")
    .option("--limit <rows>", "at most this many rows", parseLimit)
    .action((options: AuditListOptions) => runners.list(app, options));
  audit.command("verify")
    .description("recompute the chain; exit 1 when a link is broken")
    .action(() => runners.verify(app));
}

const COLUMNS: Column<AuditEvent>[] = [
  { title: "sequence", value: (row) => row.sequence },
  { title: "time", value: (row) => row.occurred_at },
  { title: "action", value: (row) => row.action },
  { title: "actor", value: (row) => row.actor_email },
  { title: "credential", value: (row) => row.credential_id },
  {
    title: "target",
    value: (row) => row.target_type && [row.target_type, row.target_id].filter(Boolean).join(":"),
  },
  { title: "address", value: (row) => row.address },
];

/** Lists events, all pages. */
export async function runListAudit(app: App, options: AuditListOptions): Promise<void> {
  const { limit, ...query } = options;
  const list = await collect<AuditEvent>(app, listAuditEvents, { query }, "events", limit);
  await printList(app, list, COLUMNS, (row) => row.id, "No events.");
}

/** Verifies the chain; a broken link is a finding. */
export async function runVerifyAudit(app: App): Promise<void> {
  const answer = await (await app.client()).call(verifyAuditLog, {}, { signal: app.signal });
  if (!answer.intact) app.exitCode = EXIT.FINDINGS;
  await printRecord(app, answer, [
    ["intact", answer.intact ? "yes" : "NO"],
    ["events checked", answer.events],
    ["head", answer.head ? `${answer.head.sequence} ${answer.head.hash}` : undefined],
    ["broken at", answer.broken ? `${answer.broken.sequence} (${answer.broken.fault})` : undefined],
  ], answer.intact ? "intact" : "broken");
}

/** What `infraudit audit list` and `verify` do. */
import { type AuditEvent, listAuditEvents, verifyAuditLog } from "../../shared/contracts/audit.ts";
import type { App } from "../app.ts";
import { EXIT } from "../exit_codes.ts";
import { collect } from "../output/collect.ts";
import { printList, printRecord } from "../output/print.ts";
import type { Column } from "../output/table.ts";
import type { AuditListOptions } from "./audit.ts";

const COLUMNS: Column<AuditEvent>[] = [
  { title: "sequence", value: (row) => row.sequence, dropped: 3 },
  { title: "time", value: (row) => row.occurred_at, least: 10 },
  { title: "action", value: (row) => row.action, least: 12 },
  { title: "actor", value: (row) => row.actor_email, least: 12 },
  { title: "credential", value: (row) => row.credential_id, dropped: 4 },
  {
    title: "target",
    dropped: 1,
    value: (row) => row.target_type && [row.target_type, row.target_id].filter(Boolean).join(":"),
  },
  { title: "address", value: (row) => row.address, dropped: 2 },
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

/** What `infraudit risks list` does. */
import {
  listResourceRisks,
  listRisks,
  type Risk,
  type RisksOfResource,
} from "../../shared/contracts/risks.ts";
import type { App } from "../app.ts";
import { collect } from "../output/collect.ts";
import { printRows } from "../output/print.ts";
import type { Column } from "../output/table.ts";
import { paintSeverity, toValueText } from "./drift_columns.ts";
import { findResource } from "./resource_ref.ts";
import type { RiskListOptions } from "./risks.ts";

/** A risk with whose it is. */
type Row = Risk & { resource_id: number; resource_name: string };

const COLUMNS: Column<Row>[] = [
  { title: "resource id", value: (row) => row.resource_id },
  { title: "severity", value: (row) => row.severity, paint: paintSeverity, least: 8 },
  { title: "resource", value: (row) => row.resource_name, dropped: 2, least: 14 },
  { title: "field", value: (row) => row.field_path, least: 12 },
  { title: "value", value: (row) => toValueText(row.value), dropped: 3, least: 8 },
  { title: "reason", value: (row) => row.reason, dropped: 1, least: 24 },
];

/** Lists the risks of one resource, or of all, worst first. */
export async function runListRisks(app: App, options: RiskListOptions): Promise<void> {
  const { severity, type, resource: ref } = options;
  if (ref === undefined) {
    const query = { severity: severity?.join(","), type };
    const list = await collect<RisksOfResource>(app, listRisks, { query }, "resources");
    // Those without any are no news; the paging's total still tells how many were looked through.
    const risky = { ...list, data: list.data.filter(({ risks }) => risks.length > 0) };
    const rows = risky.data.flatMap(({ risks, ...resource }) =>
      risks.map((risk) => ({ ...resource, ...risk }))
    );
    const order = ["critical", "high", "medium", "low"];
    return await printRisks(
      app,
      risky,
      rows.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity)),
    );
  }
  const resource = await findResource(app, ref);
  const input = { params: { id: resource.id } };
  const answer = await (await app.client()).call(listResourceRisks, input, { signal: app.signal });
  const risks = answer.risks.filter((risk) => severity?.includes(risk.severity) ?? true);
  const rows = risks.map((risk) => ({ ...risk, resource_id: resource.id, resource_name: resource.name }));
  await printRisks(app, { ...answer, risks }, rows);
}

async function printRisks(app: App, body: unknown, rows: readonly Row[]): Promise<void> {
  await printRows(app, body, rows, COLUMNS, (row) => `${row.resource_id} ${row.field_path}`, "No risks.");
}

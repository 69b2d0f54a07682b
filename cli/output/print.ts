/** Prints answers: JSON and YAML exactly as the API gave them, tables for people, bare values with --quiet. */
import { stringify } from "yaml";
import type { App } from "../app.ts";
import { type Cell, type Column, renderRecord, renderTable } from "./table.ts";

/** A list as the API answers it: bare, or with its paging. */
export type ListBody<Row> = readonly Row[] | { readonly data: readonly Row[] };

/**
 * Prints a list.
 * @param id what `--quiet` prints of each row, a line each
 * @param none what is said where there is nothing, to a person only
 */
export async function printList<Row>(
  app: App,
  body: ListBody<Row>,
  columns: Column<Row>[],
  id: (row: Row) => Cell,
  none: string,
): Promise<void> {
  const rows: readonly Row[] = "data" in body ? body.data : body;
  if (app.flags.quiet) return await app.terminal.data(rows.map((row) => `${id(row)}\n`).join(""));
  if (await printRaw(app, body)) return;
  if (rows.length === 0 && app.terminal.isDataTty) await app.note(none);
  await app.terminal.data(renderTable(app.terminal, columns, rows));
}

/** Prints one thing as labelled lines. `--quiet` prints `bare` alone. */
export async function printRecord(
  app: App,
  body: unknown,
  fields: [label: string, value: Cell][],
  bare: Cell,
): Promise<void> {
  if (app.flags.quiet) return await app.terminal.data(`${bare}\n`);
  if (await printRaw(app, body)) return;
  await app.terminal.data(renderRecord(app.terminal, fields));
}

/** Prints JSON or YAML where that is wanted; tells whether it was. */
export async function printRaw(app: App, body: unknown): Promise<boolean> {
  const { output } = await app.settings();
  if (output === "table") return false;
  await app.terminal.data(toRaw(output, body));
  return true;
}

/** One value as a line of JSON, for streams of them; as a YAML document where that is wanted. */
export async function printEvent(app: App, body: unknown): Promise<boolean> {
  const { output } = await app.settings();
  if (output === "table") return false;
  await app.terminal.data(output === "json" ? `${JSON.stringify(body)}\n` : `---\n${toRaw("yaml", body)}`);
  return true;
}

function toRaw(output: "json" | "yaml", body: unknown): string {
  // YAML 1.1 readers would take "no" or "1_000" for something else: such strings are quoted.
  return output === "json"
    ? `${JSON.stringify(body, null, 2)}\n`
    : stringify(body, { lineWidth: 0, aliasDuplicateObjects: false, compat: "yaml-1.1" });
}

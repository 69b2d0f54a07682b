/** Prints answers: JSON and YAML exactly as the API gave them, tables for people, bare values with --quiet. */
import type { App } from "../app.ts";
import { CliFailure, EXIT } from "../exit_codes.ts";
import { OUTPUTS } from "../words.ts";
import { escapeInStrings } from "./escape.ts";
import { type Cell, renderRecord } from "./record.ts";
import type { Column } from "./table.ts";

/** A list as the API answers it: bare, or with its paging. */
export type ListBody<Row> = readonly Row[] | { readonly data: readonly Row[] };

/**
 * Prints a list.
 * @param id what `--quiet` prints of each row, a line each
 * @param none what is said where there is nothing
 */
export async function printList<Row>(
  app: App,
  body: ListBody<Row>,
  columns: Column<Row>[],
  id: (row: Row) => Cell,
  none: string,
): Promise<void> {
  await printRows(app, body, "data" in body ? body.data : body, columns, id, none);
}

/** The same for rows that stand anywhere in the answer. */
export async function printRows<Row>(
  app: App,
  body: unknown,
  rows: readonly Row[],
  columns: Column<Row>[],
  id: (row: Row) => Cell,
  none: string,
): Promise<void> {
  if (app.flags.quiet && !isSelecting(app)) {
    return await app.terminal.data(rows.map((row) => `${id(row)}\n`).join(""));
  }
  if (await printRaw(app, body)) return;
  if (rows.length === 0) await app.note(none);
  const { renderTable } = await import("./table.ts");
  await app.terminal.page(renderTable(app.terminal, columns, rows));
}

/** Prints one thing as labelled lines. `--quiet` prints `bare` alone. */
export async function printRecord(
  app: App,
  body: unknown,
  fields: [label: string, value: Cell][],
  bare: Cell,
): Promise<void> {
  if (app.flags.quiet && !isSelecting(app)) return await app.terminal.data(`${bare}\n`);
  if (await printRaw(app, body)) return;
  await app.terminal.page(renderRecord(app.terminal, fields));
}

/**
 * The result of a command whose answer is only that it is done: a sentence for a person, the facts for a script.
 * @param bare what `--quiet` prints, if anything
 */
export async function printDone(
  app: App,
  facts: Record<string, unknown>,
  sentence: string,
  bare?: Cell,
): Promise<void> {
  if (app.flags.quiet && !isSelecting(app)) {
    return bare === undefined ? undefined : await app.terminal.data(`${bare}\n`);
  }
  if (!await printRaw(app, facts)) await app.note(sentence);
}

/** Prints JSON or YAML where that is wanted; tells whether it was. */
export async function printRaw(app: App, body: unknown): Promise<boolean> {
  if (isSelecting(app)) {
    const { printSelected } = await import("./select.ts");
    await printSelected(app, body);
    return true;
  }
  const { output } = await app.settings();
  if (output === "table") return false;
  await app.terminal.page(await toRaw(output, body));
  return true;
}

/** A few facts by flags and environment alone, without the configuration file. `--quiet` prints `bare` alone. */
export async function printPlain(app: App, facts: Record<string, string>, bare: string): Promise<void> {
  if (isSelecting(app)) return void await printRaw(app, facts);
  if (app.flags.quiet) return await app.terminal.data(`${bare}\n`);
  const wanted = app.flags.output ?? (app.env.INFRAUDIT_OUTPUT || "table");
  const output = OUTPUTS.find((known) => known === wanted);
  if (!output) {
    throw new CliFailure(
      EXIT.USAGE,
      `INFRAUDIT_OUTPUT must be one of ${OUTPUTS.join(", ")}; it is "${wanted}".`,
    );
  }
  await app.terminal.data(
    output === "table" ? renderRecord(app.terminal, Object.entries(facts)) : await toRaw(output, facts),
  );
}

/** One value as a line of JSON, for streams of them; as a YAML document where that is wanted. */
export async function printEvent(app: App, body: unknown): Promise<boolean> {
  if (isSelecting(app)) return await printRaw(app, body);
  const { output } = await app.settings();
  if (output === "table") return false;
  await app.terminal.data(
    output === "json" ? `${escapeInStrings(JSON.stringify(body))}\n` : `---\n${await toRaw("yaml", body)}`,
  );
  return true;
}

/** Whether `--json`, `--jq` or `--template` says what to print. */
export function isSelecting({ flags }: App): boolean {
  return flags.json !== undefined || flags.jq !== undefined || flags.template !== undefined;
}

async function toRaw(output: "json" | "yaml", body: unknown): Promise<string> {
  if (output === "json") return `${escapeInStrings(JSON.stringify(body, null, 2))}\n`;
  const { toYaml } = await import("./yaml.ts");
  return toYaml(body);
}

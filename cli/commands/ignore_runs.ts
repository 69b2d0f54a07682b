/** What the commands of `infraudit ignores` do. */
import {
  createIgnoreRule,
  deleteIgnoreRule,
  getIgnoreRule,
  type IgnoreRule,
  listIgnoreRules,
  updateIgnoreRule,
} from "../../shared/contracts/ignore_rules.ts";
import type { App } from "../app.ts";
import { CliFailure, EXIT } from "../exit_codes.ts";
import { collect } from "../output/collect.ts";
import { printDone, printList, printRecord } from "../output/print.ts";
import type { Column } from "../output/table.ts";
import { type ConfirmOptions, isConfirmed } from "./confirm.ts";
import type { IgnoreListOptions, IgnoreOptions } from "./ignores.ts";

const COLUMNS: Column<IgnoreRule>[] = [
  { title: "id", value: (rule) => rule.id },
  { title: "type", value: (rule) => rule.resource_type ?? "*", dropped: 3, least: 12 },
  { title: "resource", value: (rule) => rule.external_id ?? "*", dropped: 2, least: 12 },
  { title: "field", value: (rule) => rule.field ?? "*", least: 10 },
  { title: "at most", value: (rule) => rule.severity_at_most ?? "any", dropped: 4 },
  { title: "until", value: (rule) => rule.until ?? "for good", dropped: 1 },
  { title: "reason", value: (rule) => rule.reason, least: 16 },
];

/** Lists rules, all pages. */
export async function runListIgnores(app: App, { limit }: IgnoreListOptions): Promise<void> {
  const list = await collect<IgnoreRule>(app, listIgnoreRules, {}, "ignore rules", limit);
  await printList(app, list, COLUMNS, (rule) => rule.id, "No ignore rules.");
}

/** Shows one rule. */
export async function runGetIgnore(app: App, id: number): Promise<void> {
  const rule = await (await app.client()).call(getIgnoreRule, { params: { id } }, { signal: app.signal });
  await printRule(app, rule);
}

/** Makes a rule. */
export async function runCreateIgnore(app: App, options: IgnoreOptions): Promise<void> {
  const { type, resource, field, reason = "" } = options;
  if (!type && !resource && !field) {
    throw new CliFailure(
      EXIT.USAGE,
      "Say what to ignore: --type, --resource or --field, or several of them.",
    );
  }
  const body = { ...toBody(options), reason };
  await printRule(app, await (await app.client()).call(createIgnoreRule, { body }, { signal: app.signal }));
}

/** Changes a rule. */
export async function runUpdateIgnore(app: App, id: number, options: IgnoreOptions): Promise<void> {
  const body = toBody(options);
  if (Object.values(body).every((value) => value === undefined)) {
    throw new CliFailure(EXIT.USAGE, "Say what to change.", { next: "infraudit ignores update --help" });
  }
  const input = { params: { id }, body };
  await printRule(app, await (await app.client()).call(updateIgnoreRule, input, { signal: app.signal }));
}

/** Removes a rule after a yes. */
export async function runDeleteIgnore(app: App, id: number, options: ConfirmOptions): Promise<void> {
  const question = `Remove ignore rule ${id}? The drifts it covered count again.`;
  if (!await isConfirmed(app, options, question, `remove ignore rule ${id}`)) {
    return await printDone(app, { id, deleted: false }, "Nothing was removed.");
  }
  await (await app.client()).call(deleteIgnoreRule, { params: { id } }, { signal: app.signal });
  await printDone(app, { id, deleted: true }, `Removed ignore rule ${id}.`, id);
}

/** What was said; a part that was taken away is null, one that was not mentioned is left as it is. */
function toBody({ type, resource, field, severityAtMost, until, reason }: IgnoreOptions) {
  const or = <Value>(value: Value | false | undefined) => value === false ? null : value;
  return {
    resource_type: or(type),
    external_id: or(resource),
    field: or(field),
    severity_at_most: or(severityAtMost),
    until: or(until),
    reason,
  };
}

async function printRule(app: App, rule: IgnoreRule): Promise<void> {
  await printRecord(app, rule, [
    ["id", rule.id],
    ["type", rule.resource_type ?? "any"],
    ["resource", rule.external_id ?? "any"],
    ["field", rule.field ?? "any"],
    ["severity at most", rule.severity_at_most ?? "any"],
    ["until", rule.until ?? "for good"],
    ["reason", rule.reason],
    ["created", rule.created_at],
  ], rule.id);
}

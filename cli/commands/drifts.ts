/** `infraudit drifts`: what differs from the baselines, found, followed and resolved. */
import { type Command, Option } from "commander";
import type { Drift } from "../../shared/contracts/drifts.ts";
import type { App } from "../app.ts";
import { DRIFT_STATUSES, DRIFT_TYPES, SEVERITIES } from "../words.ts";
import { later, listOf, newGroup, parseId, parseLimit, RESOURCE_REF_HELP, wordList } from "./arguments.ts";

export interface DriftListOptions {
  severity?: Drift["severity"][];
  type?: Drift["drift_type"][];
  status?: Drift["status"][];
  search?: string;
  sort?: string;
  resource?: string;
  limit?: number;
}

export interface DetectOptions {
  resource?: string[];
}

export interface ResolveOptions {
  captureBaseline?: boolean;
  note?: string;
}

export interface NoteOptions {
  note?: string;
}

export interface WatchDriftsOptions {
  lastEventId?: string;
  events?: number;
}

const runs = () => import("./drift_runs.ts");

export const DRIFT_RUNNERS = {
  list: later(runs, "runListDrifts"),
  get: later(runs, "runGetDrift"),
  summary: later(runs, "runSummary"),
  detect: later(runs, "runDetect"),
  investigate: later(runs, "runInvestigate"),
  resolve: later(runs, "runResolveDrift"),
  reopen: later(runs, "runReopenDrift"),
  watch: later(() => import("./drift_watch.ts"), "runWatch"),
};

export function newDriftsCommand(parent: Command, app: App, runners = DRIFT_RUNNERS): void {
  const drifts = newGroup(parent, "drifts", "what differs from the baselines", "drift");
  drifts.command("list")
    .description("list drifts, newest first")
    .addOption(several("--severity <severity>", SEVERITIES, "severity"))
    .addOption(several("--type <type>", DRIFT_TYPES, "type"))
    .addOption(several("--status <status>", DRIFT_STATUSES, "status"))
    .option("--search <text>", "part of the resource, the field or the summary")
    .option("--sort <fields>", "such as -severity,-detected_at; - for descending")
    .option("--resource <resource>", `only of this one: ${RESOURCE_REF_HELP}`)
    .option("--limit <rows>", "at most this many rows", parseLimit)
    .action((options: DriftListOptions) => runners.list(app, options));
  drifts.command("get")
    .description("show one drift: what differs and why it matters")
    .argument("<id>", "the drift's id", parseId)
    .action((id: number) => runners.get(app, id));
  drifts.command("summary")
    .description("count drifts by severity and by status")
    .action(() => runners.summary(app));
  drifts.command("detect")
    .description("compare resources with their baselines now")
    .option("--resource <resource>", `only this one, repeated or by commas: ${RESOURCE_REF_HELP}`, wordList)
    .action((options: DetectOptions) => runners.detect(app, options));
  drifts.command("investigate")
    .description("mark a drift as under investigation")
    .argument("<id>", "the drift's id", parseId)
    .option("--note <text>", "a note for its history")
    .action((id: number, options: NoteOptions) => runners.investigate(app, id, options));
  drifts.command("resolve")
    .description("resolve a drift")
    .argument("<id>", "the drift's id", parseId)
    .option("--capture-baseline", "accept the resource's current state as its new baseline")
    .option("--note <text>", "a note for its history")
    .action((id: number, options: ResolveOptions) => runners.resolve(app, id, options));
  drifts.command("reopen")
    .description("put a resolved drift back to detected")
    .argument("<id>", "the drift's id", parseId)
    .option("--note <text>", "a note for its history")
    .action((id: number, options: NoteOptions) => runners.reopen(app, id, options));
  drifts.command("watch")
    .description("follow events as they happen, one line or JSON object each, until interrupted")
    .option("--last-event-id <id>", "begin after this event")
    .option("--events <count>", "end after this many events", parseLimit)
    .action((options: WatchDriftsOptions) => runners.watch(app, options));
}

/** A filter that takes several values, repeated or by commas; its choices are completed. */
function several<Word extends string>(flags: string, words: readonly Word[], what: string): Option {
  const option = new Option(flags, "only these, repeated or by commas").choices(words);
  return option.argParser(listOf(words, what));
}

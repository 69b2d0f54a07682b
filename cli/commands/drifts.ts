/** `infraudit drifts`: what differs from the baselines, found, followed and resolved. */
import { type Command, Option } from "commander";
import { DriftSeverity, DriftStatus, DriftType } from "../../shared/contracts/drifts.ts";
import type { App } from "../app.ts";
import { newGroup, parseId, parseLimit, wordList } from "./arguments.ts";
import {
  type DetectOptions,
  type DriftListOptions,
  type ResolveOptions,
  runDetect,
  runGetDrift,
  runInvestigate,
  runListDrifts,
  runResolveDrift,
  runSummary,
} from "./drift_runs.ts";
import { runWatch, type WatchDriftsOptions } from "./drift_watch.ts";
import { RESOURCE_REF_HELP } from "./resource_ref.ts";

export const DRIFT_RUNNERS = {
  list: runListDrifts,
  get: runGetDrift,
  summary: runSummary,
  detect: runDetect,
  investigate: runInvestigate,
  resolve: runResolveDrift,
  watch: runWatch,
};

export function newDriftsCommand(parent: Command, app: App, runners = DRIFT_RUNNERS): void {
  const drifts = newGroup(parent, "drifts", "what differs from the baselines", "drift");
  drifts.command("list")
    .description("drifts, newest first")
    .addOption(new Option("--severity <severity>", "only these").choices(DriftSeverity.options))
    .addOption(new Option("--type <type>", "only these").choices(DriftType.options))
    .addOption(new Option("--status <status>", "only these").choices(DriftStatus.options))
    .option("--resource <resource>", `only of this one: ${RESOURCE_REF_HELP}`)
    .option("--limit <rows>", "at most this many rows", parseLimit)
    .action((options: DriftListOptions) => runners.list(app, options));
  drifts.command("get")
    .description("one drift with what differs and why it matters")
    .argument("<id>", "the drift's id", parseId)
    .action((id: number) => runners.get(app, id));
  drifts.command("summary")
    .description("how many there are, by severity and by status")
    .action(() => runners.summary(app));
  drifts.command("detect")
    .description("compare resources with their baselines now")
    .option("--resource <resource>", `only this one, repeated or by commas: ${RESOURCE_REF_HELP}`, wordList)
    .action((options: DetectOptions) => runners.detect(app, options));
  drifts.command("investigate")
    .description("say that somebody is looking into it")
    .argument("<id>", "the drift's id", parseId)
    .action((id: number) => runners.investigate(app, id));
  drifts.command("resolve")
    .description("resolve a drift")
    .argument("<id>", "the drift's id", parseId)
    .option("--capture-baseline", "accept the resource's present state as its new baseline")
    .action((id: number, options: ResolveOptions) => runners.resolve(app, id, options));
  drifts.command("watch")
    .description("follow events as they happen, one line or JSON object each, until interrupted")
    .option("--last-event-id <id>", "begin after this event")
    .option("--events <count>", "end after this many events", parseLimit)
    .action((options: WatchDriftsOptions) => runners.watch(app, options));
}

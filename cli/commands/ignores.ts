/** `infraudit ignores`: rules for drifts that are known and need no one's attention. */
import { type Command, Option } from "commander";
import type { Drift } from "../../shared/contracts/drifts.ts";
import type { App } from "../app.ts";
import { SEVERITIES } from "../words.ts";
import { later, newGroup, parseId, parseLimit, parseTime } from "./arguments.ts";
import type { ConfirmOptions } from "./confirm.ts";

/** What a rule covers; `false` is the `--no-…` that takes a part away. */
export interface IgnoreOptions {
  type?: string | false;
  resource?: string | false;
  field?: string | false;
  severityAtMost?: Drift["severity"] | false;
  until?: string | false;
  reason?: string;
}

export interface IgnoreListOptions {
  limit?: number;
}

const runs = () => import("./ignore_runs.ts");

export const IGNORE_RUNNERS = {
  list: later(runs, "runListIgnores"),
  get: later(runs, "runGetIgnore"),
  create: later(runs, "runCreateIgnore"),
  update: later(runs, "runUpdateIgnore"),
  delete: later(runs, "runDeleteIgnore"),
};

export function newIgnoresCommand(parent: Command, app: App, runners = IGNORE_RUNNERS): void {
  const ignores = newGroup(
    parent,
    "ignores",
    "drifts that you know of and don't want to hear about",
    "ignore",
  );
  ignores.command("list")
    .description("list the rules, also those that have ended")
    .option("--limit <rows>", "at most this many rows", parseLimit)
    .action((options: IgnoreListOptions) => runners.list(app, options));
  ignores.command("get")
    .description("show one rule")
    .argument("<id>", "the rule's id", parseId)
    .action((id: number) => runners.get(app, id));
  patterns(ignores.command("create"))
    .description("ignore the drifts that match, those that are open and those to come")
    .requiredOption("--reason <text>", "why, for the next reader")
    .action((options: IgnoreOptions) => runners.create(app, options));
  patterns(ignores.command("update"))
    .description("change a rule; open drifts are held against it anew")
    .argument("<id>", "the rule's id", parseId)
    .option("--reason <text>", "why, for the next reader")
    .option("--no-type", "cover every type")
    .option("--no-resource", "cover every resource")
    .option("--no-field", "cover every field")
    .option("--no-severity-at-most", "cover every severity")
    .option("--no-until", "cover them for good")
    .action((id: number, options: IgnoreOptions) => runners.update(app, id, options));
  ignores.command("delete")
    .description("remove a rule; what it covered counts again")
    .argument("<id>", "the rule's id", parseId)
    .option("-y, --yes", "do not ask; needed without a terminal")
    .action((id: number, options: ConfirmOptions) => runners.delete(app, id, options));
}

function patterns(command: Command): Command {
  return command
    .option("--type <glob>", "resource types, such as aws_autoscaling_group; `*` stands for anything")
    .option("--resource <glob>", "external ids, such as 'arn:aws:autoscaling:*:web-*'")
    .option("--field <glob>", "fields, such as desired_capacity")
    .addOption(
      new Option("--severity-at-most <severity>", "only drifts up to this severity").choices(SEVERITIES),
    )
    .option(
      "--until <time>",
      "when it ends: a time such as 2026-12-31, or from now on such as 30d",
      parseTime,
    );
}

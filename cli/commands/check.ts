/** `infraudit check`: the gate of a pipeline. It passes only when resources were checked and nothing is open. */
import { type Command, Option } from "commander";
import type { Drift } from "../../shared/contracts/drifts.ts";
import type { App } from "../app.ts";
import { SEVERITIES } from "../words.ts";
import { later, listOf, parseDuration, RESOURCE_REF_HELP, wordList } from "./arguments.ts";

export const CHECK_FORMATS = ["table", "json", "sarif", "junit", "github", "markdown"] as const;

export interface CheckOptions {
  failOn: Drift["severity"][];
  resource?: string[];
  detect?: boolean;
  /** Seconds. */
  maxAge?: number;
  format?: typeof CHECK_FORMATS[number];
}

const RUN = later(() => import("../check/run_check.ts"), "runCheck");

export function newCheckCommand(parent: Command, app: App, run = RUN): void {
  parent.command("check")
    .description("exit 0 when nothing of these severities is open, 1 when something is, else another code")
    .option(
      "--fail-on <severity>",
      "severities that fail, repeated or by commas (default: critical,high)",
      listOf(SEVERITIES, "severity"),
    )
    .option("--resource <resource>", `only this one, repeated or by commas: ${RESOURCE_REF_HELP}`, wordList)
    .option("--detect", "compare resources with their baselines first")
    .option("--max-age <time>", "do not pass when the newest import is older, such as 24h", parseDuration)
    .addOption(new Option("--format <format>", "how to print the findings").choices(CHECK_FORMATS))
    .action((options: Partial<CheckOptions>) => run(app, { failOn: ["critical", "high"], ...options }));
}

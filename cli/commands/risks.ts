/** `infraudit risks`: what is dangerous as it stands, whether or not it ever changed. */
import { type Command, Option } from "commander";
import type { Drift } from "../../shared/contracts/drifts.ts";
import type { App } from "../app.ts";
import { SEVERITIES } from "../words.ts";
import { later, listOf, newGroup, RESOURCE_REF_HELP } from "./arguments.ts";

export interface RiskListOptions {
  resource?: string;
  severity?: Drift["severity"][];
  type?: string;
}

export const RISK_RUNNERS = { list: later(() => import("./risk_runs.ts"), "runListRisks") };

export function newRisksCommand(parent: Command, app: App, runners = RISK_RUNNERS): void {
  const risks = newGroup(parent, "risks", "settings that are dangerous by themselves", "risk");
  risks.command("list")
    .description("list the dangerous settings of all resources, or of one")
    .option("--resource <resource>", `only of this one: ${RESOURCE_REF_HELP}`)
    .addOption(
      new Option("--severity <severity>", "only these, repeated or by commas").choices(SEVERITIES)
        .argParser(listOf(SEVERITIES, "severity")),
    )
    .addOption(new Option("--type <type>", "only resources such as aws_s3_bucket").conflicts("resource"))
    .action((options: RiskListOptions) => runners.list(app, options));
}

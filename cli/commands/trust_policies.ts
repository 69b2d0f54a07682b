/** `infraudit trust-policies`: which pipelines get in without a stored key. */
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Permission } from "../../shared/contracts/permissions.ts";
import type { App } from "../app.ts";
import { PERMISSIONS } from "../words.ts";
import { later, listOf, newGroup, parseId, wholeNumber } from "./arguments.ts";
import type { ConfirmOptions } from "./confirm.ts";

/** The presets that the contract knows; a test keeps them equal. */
export const PROVIDERS = ["github", "gitlab", "terraform", "circleci", "buildkite"] as const;

export interface CreateTrustOptions {
  name: string;
  provider?: (typeof PROVIDERS)[number];
  issuer?: string;
  audience?: string;
  when: Record<string, string>;
  scope: Permission[];
  maxSeconds?: number;
}

const runs = () => import("./trust_policy_runs.ts");

export const TRUST_RUNNERS = {
  list: later(runs, "runListTrustPolicies"),
  create: later(runs, "runCreateTrustPolicy"),
  delete: later(runs, "runDeleteTrustPolicy"),
};

export function newTrustPoliciesCommand(parent: Command, app: App, runners = TRUST_RUNNERS): void {
  const policies = newGroup(
    parent,
    "trust-policies",
    "pipelines that get in by their provider's word, without a key",
    "trust-policy",
  );
  policies.command("list").description("list the policies you can see").action(() => runners.list(app));
  policies.command("create")
    .description("trust the jobs of a provider that meet conditions")
    .requiredOption("--name <name>", "what it is for")
    .addOption(new Option("--provider <name>", "a known provider").choices(PROVIDERS).conflicts("issuer"))
    .option("--issuer <url>", "another provider: the `iss` of its tokens, to the character")
    .option("--audience <text>", "the `aud` of its tokens (default: infraaudit)")
    .requiredOption(
      "--when <claim=pattern>",
      "a condition, such as repository=acme/infra; `*` stands for anything; repeated",
      addCondition,
    )
    .requiredOption(
      "--scope <permission>",
      "what a job may do, repeated or by commas",
      listOf(PERMISSIONS, "permission"),
    )
    .option("--max-seconds <seconds>", "how long a key lives (default: 900)", wholeNumber(60, 3600))
    .action((options: CreateTrustOptions) => runners.create(app, options));
  policies.command("delete")
    .description("end a policy and every key that came of it")
    .argument("<id>", "the policy's id", parseId)
    .option("-y, --yes", "do not ask; needed without a terminal")
    .action((id: number, options: ConfirmOptions) => runners.delete(app, id, options));
}

function addCondition(text: string, before: Record<string, string> = {}): Record<string, string> {
  const [, claim, pattern] = /^([^=\s]+)=(.+)$/.exec(text) ?? [];
  if (!claim || !pattern) throw new InvalidArgumentError("It must be CLAIM=PATTERN.");
  return { ...before, [claim]: pattern };
}

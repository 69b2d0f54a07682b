/** `infraudit trust-policies`: which pipelines get in without a stored key. */
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Permission } from "../../shared/contracts/permissions.ts";
import type { App } from "../app.ts";
import { PERMISSIONS } from "../words.ts";
import { later, listOf, newGroup, parseId, wholeNumber } from "./arguments.ts";
import type { ConfirmOptions } from "./confirm.ts";

/** The presets that the contract knows; a test keeps them equal. */
export const PROVIDERS = ["github", "gitlab", "terraform", "circleci", "buildkite"] as const;

export interface TrustOptions {
  name?: string;
  provider?: (typeof PROVIDERS)[number];
  issuer?: string;
  audience?: string;
  when?: Record<string, string>;
  scope?: Permission[];
  maxSeconds?: number;
}

export type CreateTrustOptions = TrustOptions & Required<Pick<TrustOptions, "name" | "when" | "scope">>;

const runs = () => import("./trust_policy_runs.ts");

export const TRUST_RUNNERS = {
  list: later(runs, "runListTrustPolicies"),
  create: later(runs, "runCreateTrustPolicy"),
  update: later(runs, "runUpdateTrustPolicy"),
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
  addCreate(policies, app, runners);
  addUpdate(policies, app, runners);
  policies.command("delete")
    .description("end a policy and every key that came of it")
    .argument("<id>", "the policy's id", parseId)
    .option("-y, --yes", "do not ask; needed without a terminal")
    .action((id: number, options: ConfirmOptions) => runners.delete(app, id, options));
}

const NAME = ["--name <name>", "what it is for"] as const;
const ISSUER = ["--issuer <url>", "another provider: the `iss` of its tokens, to the character"] as const;
const WHEN = [
  "--when <claim=pattern>",
  "a condition, such as repository=acme/infra; `*` stands for anything; repeated",
] as const;
const SCOPE = ["--scope <permission>", "what a job may do, repeated or by commas"] as const;
const parseScopes = listOf(PERMISSIONS, "permission");
const parseSeconds = wholeNumber(60, 3600);
const provider = () =>
  new Option("--provider <name>", "a known provider").choices(PROVIDERS).conflicts("issuer");

function addCreate(policies: Command, app: App, runners: typeof TRUST_RUNNERS): void {
  policies.command("create")
    .description("trust the jobs of a provider that meet conditions")
    .requiredOption(...NAME)
    .addOption(provider())
    .option(...ISSUER)
    .option("--audience <text>", "the `aud` of its tokens (default: infraaudit)")
    .requiredOption(...WHEN, addCondition)
    .requiredOption(...SCOPE, parseScopes)
    .option("--max-seconds <seconds>", "how long a key lives (default: 900)", parseSeconds)
    .action((options: CreateTrustOptions) => runners.create(app, options));
}

function addUpdate(policies: Command, app: App, runners: typeof TRUST_RUNNERS): void {
  policies.command("update")
    .description("change a policy; its keys end, unless only the name changes")
    .argument("<id>", "the policy's id", parseId)
    .option(...NAME)
    .addOption(provider())
    .option(...ISSUER)
    .option("--audience <text>", "the `aud` of its tokens")
    .option(WHEN[0], `${WHEN[1]}; replaces all of before`, addCondition)
    .option(SCOPE[0], `${SCOPE[1]}; replaces all of before`, parseScopes)
    .option("--max-seconds <seconds>", "how long a key lives", parseSeconds)
    .action((id: number, options: TrustOptions) => runners.update(app, id, options));
}

function addCondition(text: string, before: Record<string, string> = {}): Record<string, string> {
  const [, claim, pattern] = /^([^=\s]+)=(.+)$/.exec(text) ?? [];
  if (!claim || !pattern) throw new InvalidArgumentError("It must be CLAIM=PATTERN.");
  return { ...before, [claim]: pattern };
}

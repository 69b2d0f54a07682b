/** Judges a change of an IAM policy document by the grants it adds or takes away. */
import type { Json, JsonRecord } from "../json.ts";
import { isPolicyDocument } from "../policy_document.ts";
import { comparePolicies, type Grants } from "../policy_grants.ts";
import { type Finding, type Scene, SEVERITIES, worstOf } from "./rule.ts";

const FOR_EVERYONE = "The policy grants access to everyone";
/** Services where a policy for everyone opens a queue, a function or an index, not what others rest on. */
const LESSER_SERVICES =
  /^aws_(api_gateway|backup|cloudwatch|ecr|efs|elasticsearch|glue|iot|lambda|media|opensearch|ses|sesv2|sns|sqs)_/;
const EVERYONE = /^(AWS:\*|\*|\*:\*)$/;
const ESCALATION =
  /^(iam:(passrole|create(accesskey|loginprofile|policyversion)|setdefaultpolicyversion|update(assumerolepolicy|loginprofile)|add\w+togroup|addusertogroup|(attach|put)\w+policy)|sts:assumerole\w*|lambda:updatefunctioncode|kms:(putkeypolicy|creategrant)|organizations:\w+)$/;

/** @returns `undefined` when the change has nothing to do with a policy document */
export function judgePolicy({ type, change }: Scene): Finding | undefined {
  const [was, is] = [policiesIn(change.before), policiesIn(change.after)];
  if (was.length + is.length === 0) return undefined;
  const compared = comparePolicies(was, is);
  if (compared === undefined) {
    return {
      direction: "changed",
      severity: "high",
      reason: "A policy changed whose names overlap in too many ways to compare its grants one by one",
    };
  }
  const worst = worstOf([...compared.gained.map(judgeGained), ...compared.undenied.map(judgeUndenied)]);
  if (worst !== undefined && isLessThanLost(worst, was, is)) return OTHER_GRANTS;
  if (worst !== undefined) {
    return worst.reason === FOR_EVERYONE && LESSER_SERVICES.test(type)
      ? { ...worst, severity: "high" }
      : worst;
  }
  if (compared.isNarrower) {
    return { direction: "stronger", severity: "low", reason: "The policy grants less than before" };
  }
  // Around the policies something else changed, which is for other rules to judge.
  if (![change.before, change.after].some(isPolicyDocument)) return undefined;
  return { direction: "changed", severity: "low", reason: "The policy's text changed, its grants did not" };
}

/** The policy documents that a value is or has, at any depth. */
function policiesIn(value: Json | undefined): JsonRecord[] {
  if (value === undefined || value === null || typeof value !== "object") return [];
  if (isPolicyDocument(value)) return [value];
  return Object.values(value).flatMap(policiesIn);
}

/** The worst of the grants: each principal, action and resource of them goes with each of the others. */
function judgeGained({ principals, actions, resources, isConditional }: Grants): Finding {
  const finding = (severity: Finding["severity"], reason: string): Finding => ({
    direction: "weaker",
    severity,
    reason,
  });
  // An Allow for everyone but a few is an Allow for everyone.
  if (principals.all_but || principals.names.some((who) => EVERYONE.test(who))) {
    return isConditional
      ? finding("high", "The policy grants access to everyone who meets its conditions")
      : finding("critical", FOR_EVERYONE);
  }
  const isEveryResource = resources.names.some((name) => name === "*" || name === "-");
  if (isEveryResource && (actions.all_but || actions.names.some((action) => /^\*(:\*)?$/.test(action)))) {
    return finding("critical", "The policy grants every action on every resource");
  }
  if (actions.all_but || actions.names.some((action) => action.includes("*"))) {
    return finding("high", "The policy grants actions by a wildcard");
  }
  // Where a policy names who is granted something, assuming a role is what it is for.
  const isTrust = principals.names.length > 0 && !principals.names.includes("-");
  if (
    actions.names.some((action) => ESCALATION.test(action) && !(isTrust && /^sts:assumerole/.test(action)))
  ) {
    return finding("high", "The policy grants an action that can widen privileges");
  }
  if (resources.all_but || resources.names.includes("*")) {
    return finding("high", "The policy grants an action on every resource");
  }
  return finding("medium", "The policy grants more than before");
}

function judgeUndenied(_grants: Grants): Finding {
  return { direction: "weaker", severity: "high", reason: "The policy no longer denies what it denied" };
}

const OTHER_GRANTS: Finding = {
  direction: "changed",
  severity: "medium",
  reason: "The policy grants something else than before, and less of what is dangerous",
};

/** True where what a policy no longer grants was worse than what it now grants. */
function isLessThanLost(worst: Finding, was: JsonRecord[], is: JsonRecord[]): boolean {
  const lost = worstOf((comparePolicies(is, was)?.gained ?? []).map(judgeGained));
  return lost !== undefined && SEVERITIES.indexOf(lost.severity) < SEVERITIES.indexOf(worst.severity);
}

/** Judges a change of an IAM policy document by the grants it adds or takes away. */
import type { Step } from "../field_path.ts";
import { isRecord, type Json, type JsonRecord } from "../json.ts";
import { type Grant, grantsOf, isPolicyDocument } from "../policy_document.ts";
import type { Finding, Scene } from "./rule.ts";

const ESCALATION =
  /^(iam:(passrole|create(accesskey|loginprofile|policyversion)|setdefaultpolicyversion|update(assumerolepolicy|loginprofile)|add\w+togroup|addusertogroup|(attach|put)\w+policy)|sts:assumerole\w*|lambda:updatefunctioncode|kms:(putkeypolicy|creategrant)|organizations:\w+)$/;

/** @returns `undefined` when the change is not within a policy document */
export function judgePolicy({ change, before, after }: Scene): Finding | undefined {
  const place = policyPlace(before, change.steps) ?? policyPlace(after, change.steps);
  if (place === undefined) return undefined;
  const [was, is] = [grantsOf(valueAt(before, place)), grantsOf(valueAt(after, place))];
  if (was === undefined || is === undefined) {
    return { direction: "changed", severity: "high", reason: "A very large policy document changed" };
  }
  const [old, now] = [[...was.values()], [...is.values()]];
  const gained = now.filter((grant) => grant.effect === "Allow" && !isCovered(grant, old));
  const undenied = old.filter((grant) => grant.effect === "Deny" && !isCovered(grant, now));
  const worst = [...gained.map(judgeGained), ...undenied.map(judgeUndenied)]
    .sort((a, b) => rank(a) - rank(b))[0];
  if (worst !== undefined) return worst;
  const isNarrower = old.some((grant) => grant.effect === "Allow" && !isCovered(grant, now)) ||
    now.some((grant) => grant.effect === "Deny" && !isCovered(grant, old));
  return isNarrower
    ? { direction: "stronger", severity: "low", reason: "The policy grants less than before" }
    : { direction: "changed", severity: "low", reason: "The policy's text changed, its grants did not" };
}

function judgeGained(grant: Grant): Finding {
  const finding = (severity: Finding["severity"], reason: string): Finding => ({
    direction: "weaker",
    severity,
    reason,
  });
  const who = grant.principal;
  if (who === "AWS:*" || who === '"*"' || who === "*:*" || who.startsWith("not ")) {
    return grant.condition === ""
      ? finding("critical", "The policy grants access to everyone")
      : finding("high", "The policy grants access to everyone who meets its conditions");
  }
  const action = grant.action;
  if ((action === "*" || action === "*:*" || action.startsWith("not ")) && /^(\*|-)$/.test(grant.resource)) {
    return finding("critical", "The policy grants every action on every resource");
  }
  if (action.includes("*") || action.startsWith("not ")) {
    return finding("high", "The policy grants actions by a wildcard");
  }
  if (ESCALATION.test(action)) {
    return finding("high", "The policy grants an action that can widen privileges");
  }
  if (grant.resource === "*" || grant.resource.startsWith("not ")) {
    return finding("high", "The policy grants an action on every resource");
  }
  return finding("medium", "The policy grants more than before");
}

function judgeUndenied(_grant: Grant): Finding {
  return { direction: "weaker", severity: "high", reason: "The policy no longer denies what it denied" };
}

function rank({ severity }: Finding): number {
  return ["critical", "high", "medium", "low"].indexOf(severity);
}

/** True when one of the grants says the same, or more. */
function isCovered(grant: Grant, by: readonly Grant[]): boolean {
  return by.some((other) =>
    other.effect === grant.effect && matches(other.principal, grant.principal) &&
    matches(other.action, grant.action) && matches(other.resource, grant.resource) &&
    (other.condition === "" || other.condition === grant.condition)
  );
}

/** True when a pattern with `*` covers a text, which may itself have `*`. */
function matches(pattern: string, text: string): boolean {
  if (pattern === text) return true;
  if (!pattern.includes("*") || pattern.startsWith("not ")) return false;
  const parts = pattern.split("*");
  let position = parts[0]!.length;
  if (!text.startsWith(parts[0]!)) return false;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, position);
    if (found === -1) return false;
    position = found + part.length;
  }
  const last = parts.at(-1)!;
  return text.length - last.length >= position && text.endsWith(last);
}

/** The steps to the outermost policy document on the way to a changed field. */
function policyPlace(root: JsonRecord, steps: readonly Step[]): readonly Step[] | undefined {
  for (let length = 1; length <= steps.length; length++) {
    const place = steps.slice(0, length);
    if (isPolicyDocument(valueAt(root, place))) return place;
  }
  return undefined;
}

function valueAt(root: JsonRecord, steps: readonly Step[]): Json | undefined {
  let node: Json | undefined = root;
  for (const step of steps) {
    if (typeof step === "string") node = isRecord(node) && Object.hasOwn(node, step) ? node[step] : undefined;
    else if (!Array.isArray(node)) return undefined;
    else if (typeof step === "number") node = node[step];
    else node = node.find((element) => isRecord(element) && element[step.key] === step.value);
  }
  return node;
}

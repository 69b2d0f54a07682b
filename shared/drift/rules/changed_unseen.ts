/** Judges a change of which nothing is known but that it happened: by what such a resource is there for. */
import { controlFor, CONTROLS } from "./controls.ts";
import type { DriftType, Severity } from "./rule.ts";
import { VANISHED_RULES } from "./vanished.ts";

export interface UnseenVerdict {
  severity: Severity;
  drift_type: DriftType;
  reason: string;
  control: string | null;
}

const REASON = "Terraform saw that it was changed outside of its configuration";
/** Who may do what, and what the network lets through: any change of these is one of security. */
const GUARDS =
  /security_?group|secgroup|security_list|network_acl|firewall|network_policy|_iam_|^aws_iam_|role_(assignment|binding|definition|policy)|cluster_role|_policy(_attachment)?$|access_policy|grant|_acl$/;

/**
 * @param type Terraform resource type
 * @returns high where the resource protects others: what wasn't seen may be anything; else medium
 */
export function judgeUnseen(type: string): UnseenVerdict {
  const protects = VANISHED_RULES.find(({ types }) => Object.hasOwn(types, type));
  if (protects !== undefined) {
    const { drift_type, control } = protects;
    return {
      severity: "high",
      drift_type,
      reason: `${REASON}; it is there to protect others`,
      control: controlFor(type, control),
    };
  }
  if (GUARDS.test(type)) {
    return {
      severity: "high",
      drift_type: "security",
      reason: `${REASON}; it decides who may do or reach what`,
      control: controlFor(type, CONTROLS.least_privilege),
    };
  }
  return { severity: "medium", drift_type: "configuration", reason: REASON, control: null };
}

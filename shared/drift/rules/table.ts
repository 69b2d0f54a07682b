/** The whole table of severity rules, by subject. */
import { judgeAnnotations } from "./annotations.ts";
import { CAPACITY_RULES } from "./capacity.ts";
import { COMPONENT_FLAG_RULES } from "./component_flags.ts";
import { CONTROLS } from "./controls.ts";
import { DETECTION_RULES } from "./detection.ts";
import { ENCRYPTION_RULES } from "./encryption.ts";
import { GITHUB_RULES } from "./github.ts";
import { GRANT_RULES } from "./grants.ts";
import { IDENTITY_RULES } from "./identity.ts";
import { LOGGING_RULES } from "./logging.ts";
import { MEANING_RULES } from "./meanings.ts";
import { CARE_MEANING_RULES } from "./meanings_of_care.ts";
import { PRACTICE_MEANING_RULES } from "./meanings_of_practice.ts";
import { VALUE_MEANING_RULES } from "./meanings_of_values.ts";
import { judgeNamedSettings } from "./named_settings.ts";
import { NETWORK_RULES } from "./network.ts";
import { PUBLIC_ACCESS_RULES } from "./public_access.ts";
import { REACH_RULES } from "./reach.ts";
import type { Rule } from "./rule.ts";
import { SAFEGUARD_RULES } from "./safeguards.ts";
import { judgeSecrets } from "./secrets_in_text.ts";
import { SERVICE_SETTING_RULES } from "./service_settings.ts";
import { TRANSIT_RULES } from "./transit.ts";
import { WORKLOAD_CARE_RULES } from "./workload_care.ts";
import { WORKLOAD_SURROUNDING_RULES } from "./workload_surroundings.ts";
import { WORKLOAD_RULES } from "./workloads.ts";

/** In the order in which equal severities are decided; what only names and values mean comes last. */
export const RULES: readonly Rule[] = [
  {
    id: "credential-in-text",
    drift_type: "security",
    control: CONTROLS.secrets,
    judge: judgeSecrets,
  },
  {
    id: "named-setting",
    drift_type: "security",
    control: {
      aws: "AWS Security Hub RDS.9, ECS.12",
      azure: "CIS Azure 2.0 4.3, 4.4",
      google: "CIS GCP 2.0 6.1, 6.2, 6.3",
      any: "NIST SP 800-53 CM-6",
    },
    judge: judgeNamedSettings,
  },
  {
    id: "annotation-obeyed",
    types: /^kubernetes_/,
    drift_type: "security",
    control: { any: "CIS Kubernetes 1.8 5.2.1, 5.7.2" },
    judge: judgeAnnotations,
  },
  ...PUBLIC_ACCESS_RULES,
  ...REACH_RULES,
  ...NETWORK_RULES,
  ...ENCRYPTION_RULES,
  ...TRANSIT_RULES,
  ...IDENTITY_RULES,
  ...GRANT_RULES,
  ...WORKLOAD_RULES,
  ...WORKLOAD_SURROUNDING_RULES,
  ...WORKLOAD_CARE_RULES,
  ...COMPONENT_FLAG_RULES,
  ...GITHUB_RULES,
  ...LOGGING_RULES,
  ...DETECTION_RULES,
  ...SAFEGUARD_RULES,
  ...SERVICE_SETTING_RULES,
  ...CAPACITY_RULES,
  ...MEANING_RULES,
  ...PRACTICE_MEANING_RULES,
  ...VALUE_MEANING_RULES,
  ...CARE_MEANING_RULES,
];

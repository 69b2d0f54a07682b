/** Severity rules by what a name means: logs, copies, updates, rights and plainly weak values. */
import {
  byRank,
  firstOf,
  gainsEntries,
  mustNotName,
  notLess,
  notMore,
  opposite,
  present,
  protectsByName,
} from "./compare.ts";
import { CONTROLS } from "./controls.ts";

import type { Rule } from "./rule.ts";

/** Words that say that something is not protected, as providers write them. */
const WEAK_WORDS =
  /^(none|off|disabled|anonymous|public|everyone|all_?users|allow(_?all)?|all_?allowed|any|\*|unrestricted|basic|free|legacy|plaintext|plain|http|mutable|optional|permissive|unconfined|unmasked|privileged|root|always_?allow|no_?auth\w*|unauthenticated|insecure|not_?required|passthrough)$/i;

const granted = firstOf(mustNotName(/^\*$/), gainsEntries());
const [kept, keptLongest] = [notLess(), notLess({ zero_is_forever: true })];

export const CARE_MEANING_RULES: readonly Rule[] = [
  {
    id: "any-log-retention",
    names:
      /(log|audit|retention)\w*_(days?|in_days|period|duration|hours)$|retention\w*\.(days|duration)$|^retention\w*$/,
    // Providers keep logs for ever where they say 0 days, but no copies at all.
    compare: (facet) => (/log|audit/.test(facet.field) ? keptLongest : kept)(facet),
    severity: "medium",
    drift_type: "compliance",
    weaker: "Logs or copies are kept for a shorter time",
    stronger: "Logs or copies are kept for a longer time",
    control: CONTROLS.log_retention,
  },
  {
    id: "any-logging",
    names:
      /(^|[._])(audit\w*|logs?|logging|log(ging)?_\w+|include_execution_data|\w+_(logs?|logging)(_\w+)?|diagnostics?\w*|flow_logs?\w*)([._]\w+)?$/,
    compare: protectsByName(),
    severity: "medium",
    drift_type: "compliance",
    weaker: "Less is logged than before",
    stronger: "More is logged than before",
    control: CONTROLS.logging,
  },
  {
    id: "any-detection",
    names:
      /(threat|malware|intrusion|defender|guardduty|security_(hub|center|alert\w*)|vulnerabilit\w+|scan\w*|macie|inspector)/,
    compare: protectsByName(),
    severity: "medium",
    drift_type: "security",
    weaker: "Nothing watches for threats or weaknesses there any more",
    stronger: "Threats and weaknesses are watched for",
    control: CONTROLS.detection,
  },
  {
    id: "any-alerts",
    names: /(^|[._])(alert\w*|notif\w+|alarm\w*|\w*_(alerts?|notifications?)(_\w+)?)(\.\w+)?$/,
    compare: protectsByName(),
    severity: "medium",
    drift_type: "compliance",
    weaker: "Fewer people are told of what happens",
    stronger: "More people are told of what happens",
    control: CONTROLS.detection,
  },
  {
    id: "any-monitoring",
    names: /(monitor\w*|insights?|metrics?|tracing|x_?ray|telemetry|observability)(_\w+)?(\.\w+)?$/,
    compare: protectsByName(),
    severity: "low",
    drift_type: "compliance",
    weaker: "Less is measured than before",
    stronger: "More is measured than before",
    control: CONTROLS.monitoring,
  },
  {
    id: "any-deletion-protection",
    names:
      /(deletion|delete|termination|destroy|purge)_?protect\w*|protect_from|prevent_(destroy|deletion)|soft_delete\w*|(^|[._])(locked|immutable|immutab\w+|object_lock\w*)/,
    compare: firstOf(notLess(), present()),
    severity: "medium",
    drift_type: "compliance",
    weaker: "It can be deleted by a single call",
    stronger: "It is protected against deletion",
    control: CONTROLS.deletion,
  },
  {
    id: "any-backup",
    names: /(backup|snapshot|point_in_time|pitr|recovery|replicat|geo_redundan|versioning)\w*(\.\w+)?$/,
    compare: firstOf(notLess(), protectsByName()),
    severity: "medium",
    drift_type: "compliance",
    weaker: "Fewer copies are kept, or for a shorter time",
    stronger: "More copies are kept, or for a longer time",
    control: CONTROLS.backup,
  },
  {
    id: "any-rotation",
    names: /rotat(e|ion)\w*(\.\w+)?$|(^|[._])expir(es|y|ation)\w*$/,
    compare: firstOf(notMore(), protectsByName()),
    severity: "medium",
    drift_type: "security",
    weaker: "Keys or secrets are rotated less often, or not at all",
    stronger: "Keys or secrets are rotated more often",
    control: CONTROLS.customer_keys,
  },
  {
    id: "any-patching",
    names:
      /auto\w*_?(upgrade|update|repair|patch)\w*(\.\w+)?$|(surge_upgrade|patch_schedule|maintenance_(window|policy))$/,
    compare: protectsByName(),
    severity: "medium",
    drift_type: "compliance",
    weaker: "Updates are no longer installed by themselves",
    stronger: "Updates are installed by themselves",
    control: CONTROLS.patching,
  },
  {
    id: "any-integrity",
    names:
      /(signed|signature|signing|integrity|attest\w*|verif(y|ied|ication)|trusted|secure_boot|vtpm|shielded|confidential|dnssec)\w*(\.\w+)?$/,
    compare: protectsByName(),
    severity: "medium",
    drift_type: "security",
    weaker: "It is no longer checked that nothing was tampered with",
    stronger: "It is checked that nothing was tampered with",
    control: { any: "NIST SP 800-53 SI-7" },
  },
  {
    id: "any-sign-in",
    names:
      /(^|[._])((azure_)?active_directory|aad|rbac|iam|oauth2?|oidc|saml|sso|authn?|authentication|authorization|authorizer|access_control|login|sign_in|identity|kerberos\w*)(_\w+)?(\.\w+)?$/,
    compare: protectsByName(),
    severity: "medium",
    drift_type: "security",
    weaker: "Callers are checked less than before",
    stronger: "Callers are checked",
    control: CONTROLS.authentication,
  },
  {
    id: "any-permission",
    names:
      /(^|[._])(permissions?|actions|data_actions|verbs|privileges|scopes|roles?|members?|principals?|trusted_\w+|allowed_(accounts?|principals?|arns?)\w*)$/,
    // A block of that name is no entry: what is in it is judged by itself.
    compare: ({ field, before, after }) => {
      const entries = (values: typeof before) =>
        values.filter((value) => typeof value !== "object" || value === null);
      return granted({ field, before: entries(before), after: entries(after) });
    },
    severity: "medium",
    drift_type: "security",
    weaker: "More is allowed, or to more principals",
    stronger: "Less is allowed, or to fewer principals",
    control: CONTROLS.least_privilege,
  },
  {
    id: "any-security-setting",
    names:
      /(^|[._])(security|secure|hardening|protection|policy_enforcement|enforce\w*|compliance|enforcement)(_\w+)?(\.\w+)?$|_(security|protection)(_enabled|\.enabled)?$/,
    compare: protectsByName(),
    severity: "medium",
    drift_type: "security",
    weaker: "A security setting is off, or weaker than before",
    stronger: "A security setting is on",
    control: { any: "NIST SP 800-53 CM-6" },
  },
  {
    id: "any-weak-value",
    names:
      /(^|[._])\w*(mode|type|state|status|access|action|level|policy|auth\w*|visibility|tier|protocol|profile|setting|option|value)$/,
    compare: opposite(
      byRank((value) =>
        value === undefined ? 0 : typeof value === "string" ? Number(WEAK_WORDS.test(value)) : undefined
      ),
    ),
    severity: "medium",
    drift_type: "security",
    weaker: "The setting's value protects less than before",
    stronger: "The setting's value protects more than before",
    control: { any: "NIST SP 800-53 CM-6" },
  },
];

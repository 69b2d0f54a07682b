/** Severity rules by what a value means, whatever its field is called: private, https, a customer's key. */
import { byRank, type Compare, exposesByName, mustNotName, opposite } from "./compare.ts";
import { CONTROLS } from "./controls.ts";
import type { Rule } from "./rule.ts";

/** How far a text keeps to itself: 0 public or everything, 1 nothing said, 2 private. */
function privacyOf(value: unknown): number | undefined {
  if (value === undefined) return 1;
  if (typeof value !== "string") return undefined;
  if (/public|internet|external|classic|allow_?all|all_?traffic|^(all|any|none)$/i.test(value)) return 0;
  return /private|internal|intranet|virtual_?networks?|(^|[_-])vpc($|[_-])/i.test(value) ? 2 : undefined;
}

const WEAK_CIPHER =
  /(^|[-_])(r?c[24]|des|3des|des3?|ede3?|md5|sha-?1|null|anon|export\d*|idea|seed|cbc)([-_]|$)|^(sha|tls_rsa_with_\w+|aes-?(128|192|256)-cbc|group[125]|dh-?group-?[125]|ah)$/i;

/** True names first: a text that was safe and no longer is. */
function was(safe: RegExp, unsafe: RegExp): Compare {
  return ({ before, after }) => {
    const has = (values: readonly unknown[], pattern: RegExp) =>
      values.some((value) => typeof value === "string" && pattern.test(value));
    if (has(before, safe) && !has(before, unsafe) && has(after, unsafe)) return "weaker";
    return has(before, unsafe) && has(after, safe) && !has(after, unsafe) ? "stronger" : undefined;
  };
}

export const VALUE_MEANING_RULES: readonly Rule[] = [
  {
    id: "value-customer-managed",
    names: /encrypt|key|kms|cmk|(^|\.)type$/,
    compare: byRank((value) =>
      value === undefined ? undefined : typeof value === "string" &&
          /customer_?managed|byok|owned|(service|platform|google|aws|microsoft)_?managed/i.test(value)
        ? Number(/customer|byok/i.test(value))
        : undefined
    ),
    severity: "low",
    drift_type: "security",
    weaker: "The provider's key is in use, no longer the customer's",
    stronger: "The customer's key is in use",
    control: CONTROLS.customer_keys,
  },
  {
    id: "value-plain-http",
    names: /./,
    compare: was(/^(https|wss|ldaps|ftps|rediss|amqps):\/\//i, /^(http|ws|ldap|ftp|redis|amqp):\/\//i),
    severity: "medium",
    drift_type: "security",
    weaker: "An address without encryption is in use",
    stronger: "An address with encryption is in use",
    control: CONTROLS.in_transit,
  },
  {
    id: "value-wildcard-name",
    names: /arn|resource|source|target/,
    compare: was(/^(arn:|projects\/|\/subscriptions\/)[^*]*$/, /^(arn:|projects\/|\/subscriptions\/).*\*/),
    severity: "medium",
    drift_type: "security",
    weaker: "A name stands for more than one thing now",
    stronger: "A name stands for one thing now",
    control: CONTROLS.least_privilege,
  },
  {
    id: "value-weak-cipher",
    names:
      /cipher|algorithm|encryptions?$|authentications?$|custom_features|dh_groups?$|digest|hash(es|_type)?$|key_exchange|macs?$/,
    compare: mustNotName(WEAK_CIPHER),
    severity: "medium",
    drift_type: "security",
    weaker: "A broken or weak algorithm is in use",
    stronger: "A broken or weak algorithm is no longer in use",
    control: { google: "CIS GCP 2.0 3.4, 3.5", any: "NIST SP 800-131A" },
  },
  {
    id: "value-private",
    names:
      /(network|traffic|ingress|endpoint|access|visibility|exposure|scheme|connectivity|address|ip|ip_configuration)(_?(type|settings?|policy|mode|configuration|level|scope))?$/,
    compare: byRank(privacyOf),
    severity: "medium",
    drift_type: "security",
    weaker: "It is no longer kept to private networks",
    stronger: "It is kept to private networks",
    control: CONTROLS.boundary,
  },
  {
    id: "value-every-account",
    names: /(account|user|principal|organization|tenant|project|member|group)s?(_?(ids?|names?|list))?$/,
    compare: mustNotName(/^(\*|all|everyone|anyone|all_?users)$/i),
    severity: "high",
    drift_type: "security",
    weaker: "It is shared with everyone",
    stronger: "It is no longer shared with everyone",
    control: CONTROLS.public_access,
  },
  {
    id: "value-any",
    names:
      /(^|[._])(applications?|services?|categories|actions?|zones?|hosts?|vpcs?|origins?|ports?|subjects?)(_\w+)?$/,
    compare: mustNotName(/^(any|\*|all)$/i),
    severity: "medium",
    drift_type: "security",
    weaker: "A rule now holds for anything instead of something",
    stronger: "A rule no longer holds for anything",
    control: { any: "NIST SP 800-53 AC-6" },
  },
  {
    id: "value-accepts",
    names: /(policy|action|default|verdict|rule)$/,
    compare: opposite(
      byRank((value) =>
        typeof value !== "string"
          ? undefined
          : /^(accept|allow|permit|pass|count|none)$/i.test(value)
          ? 1
          : /^(drop|deny|reject|block|refuse|challenge|captcha)$/i.test(value)
          ? 0
          : undefined
      ),
    ),
    severity: "medium",
    drift_type: "security",
    weaker: "What was refused is let through",
    stronger: "What was let through is refused",
    control: CONTROLS.boundary,
  },
  {
    id: "value-debug",
    names:
      /(^|[._])(data_trace|trace_payload|log_(request|response)?_?body|log_payload|capture_data|debug_mode|verbose)(_enabled)?$/,
    compare: exposesByName(),
    severity: "medium",
    drift_type: "security",
    weaker: "What callers send is written to logs",
    stronger: "What callers send is no longer written to logs",
    control: { any: "NIST SP 800-53 AU-3(3)" },
  },
];

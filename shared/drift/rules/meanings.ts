/** Severity rules for fields that no other row names: what a name or a value means whatever its resource. */
import { exposesByName, firstOf, mustNotName, notLess, protectsByName, replaced } from "./compare.ts";
import { CONTROLS } from "./controls.ts";
import { customerKey, tlsMinimum } from "./keys_and_tls.ts";
import { isMostOfInternet, rangesOf } from "../address_range.ts";
import type { Rule } from "./rule.ts";

/** In this order; the first row that has something to say of a field counts. */
export const MEANING_RULES: readonly Rule[] = [
  {
    id: "any-customer-key",
    names: /(^|[._])(kms|cmk|cmek|customer_managed|encryption|crypto|vault)\w*key\w*$|(^|[._])kms_\w+$/,
    compare: firstOf(customerKey(), replaced()),
    severity: "low",
    drift_type: "security",
    weaker: "The customer-managed encryption key is another one, or gone",
    stronger: "A customer-managed encryption key is in use",
    control: CONTROLS.customer_keys,
  },
  {
    id: "any-tls-version",
    names:
      /(tls|ssl)_?\w*(version|policy|protocol)s?(_type)?$|min\w*_protocol\w*$|security_policy(_name)?$|(^|\.)ssl_policy\.policy_name$/,
    compare: tlsMinimum(),
    severity: "high",
    drift_type: "security",
    weaker: "Older versions of TLS are accepted",
    stronger: "Older versions of TLS are refused",
    control: CONTROLS.tls,
  },
  {
    id: "any-plain-connection",
    names:
      /(^|[._])(insecure|unencrypted|plain_?text|non_ssl|non_tls|allow_http|http_allowed|http_enabled|skip_(tls_)?verify)\w*$|(^|[._])(http|telnet|ftp)$/,
    compare: exposesByName(),
    severity: "high",
    drift_type: "security",
    weaker: "Connections without encryption, or without a check of the certificate, are accepted",
    stronger: "Connections without encryption are refused",
    control: CONTROLS.in_transit,
  },
  {
    id: "any-encryption",
    names: /encrypt|(^|[._])(sse|ssl|tls|https|tde)([._]|$)|_(ssl|tls|https|tde)(_|$)/,
    compare: protectsByName(),
    severity: "high",
    drift_type: "security",
    weaker: "Encryption is off, or weaker than before",
    stronger: "Encryption is on",
    control: CONTROLS.at_rest,
  },
  {
    id: "any-public-exposure",
    names:
      /(^|[._])(is_|allow_|enable_)?(public|publicly|internet|external|anonymous|unauthenticated|guest|everyone)(_\w+)?(\.\w+)?$/,
    compare: exposesByName(),
    severity: "high",
    drift_type: "security",
    weaker: "It is open to the public",
    stronger: "It is not open to the public",
    control: CONTROLS.public_access,
  },
  {
    id: "any-public-value",
    names:
      /(access|visibility|acl|exposure|audience|ingress|traffic|endpoint|network)(_(mode|type|level|settings?|policy|control))?$/,
    compare: mustNotName(
      /^(?!no[_-]?public)(\w*[_-])?(public\w*|object_?read\w*|anonymous\w*|everyone|all_?users|internet\w*|ingress_traffic_all|allow_?all(_?traffic)?)([_-]\w*)?$/i,
    ),
    severity: "high",
    drift_type: "security",
    weaker: "It is open to the public",
    stronger: "It is not open to the public",
    control: CONTROLS.public_access,
  },
  {
    id: "any-open-addresses",
    names:
      /(cidr|ip|address|source|destination|range|prefix|subnet|entry|allow\w*|white\w*|network|firewall\w*)(e?s|_?(list|range|rule|block|prefix|filter|value)\w*)?$/,
    compare: ({ before, after }) => {
      const [was, is] = [before, after].map((values) => isMostOfInternet(values.flatMap(rangesOf)));
      return was === is ? undefined : is ? "weaker" : "stronger";
    },
    severity: "high",
    drift_type: "security",
    weaker: "It is open to the whole Internet",
    stronger: "It is no longer open to the whole Internet",
    control: CONTROLS.boundary,
  },
  {
    id: "any-console",
    names:
      /(^|[._])(kube_|kubernetes_)?(dashboard|web_?console|admin_?console|swagger|debug|ssh|rdp|telnet|remote_debugging)(_(enabled|access|mode))?(\.(enabled|disabled))?$/,
    compare: exposesByName(),
    severity: "medium",
    drift_type: "security",
    weaker: "A console or a way in for debugging is open",
    stronger: "A console or a way in for debugging is closed",
    control: { any: "NIST SP 800-53 CM-7" },
  },
  {
    id: "any-guessable-name",
    names: /(admin\w*|master|root|login)_?(login|user|username|user_name|name)$|administrator_login$|^login$/,
    compare: mustNotName(/^(sa|sys|root|admin\w*|azure\w*|postgres|test|guest|user|dbadmin)$/i),
    severity: "medium",
    drift_type: "security",
    weaker: "The administrator's name is easy to guess",
    stronger: "The administrator's name is harder to guess",
    control: { any: "NIST SP 800-53 IA-5" },
  },
  {
    id: "any-plain-protocol",
    names: /protocols?$|scheme$/,
    compare: mustNotName(/^(ftp|http|telnet|ldap|smtp|pop3|imap|tcp_plain)$/i),
    severity: "medium",
    drift_type: "security",
    weaker: "A protocol without encryption is in use",
    stronger: "No protocol without encryption is in use",
    control: CONTROLS.in_transit,
  },
  {
    id: "any-weak-sign-in",
    names:
      /(^|[._])(local|basic|legacy|shared|root|default|static|password)_?(auth\w*|account\w*|access\w*|user\w*|login\w*|key\w*|credential\w*)(_enabled|\.enabled)?$|abac/,
    compare: exposesByName(),
    severity: "high",
    drift_type: "security",
    weaker: "Shared or weak credentials are accepted",
    stronger: "Shared or weak credentials are refused",
    control: CONTROLS.authentication,
  },
  {
    id: "any-second-factor",
    names: /(^|[._])(mfa|two_factor|2fa|multi_factor|second_factor|otp)/,
    compare: protectsByName(),
    severity: "high",
    drift_type: "security",
    weaker: "A second factor is no longer asked for",
    stronger: "A second factor is asked for",
    control: CONTROLS.second_factor,
  },
  {
    id: "any-password-rule",
    names:
      /password\w*_(length|history|reuse\w*|strength|complexity)|require_(upper|lower|number|symbol|special)\w*/,
    compare: firstOf(notLess(), protectsByName()),
    severity: "medium",
    drift_type: "compliance",
    weaker: "The password policy is weaker",
    stronger: "The password policy is stronger",
    control: CONTROLS.passwords,
  },
  {
    id: "any-privilege",
    names:
      /(^|[._])(privileged?|root_access|sudo|superuser|escalat\w+|host_(network|pid|ipc)|full_access|cluster_admin)(_\w+)?$/,
    compare: exposesByName(),
    severity: "high",
    drift_type: "security",
    weaker: "More privileges are given",
    stronger: "Fewer privileges are given",
    control: CONTROLS.least_privilege,
  },
  {
    id: "any-private-network",
    names:
      /(^|[._])(is_)?private(_(cluster|nodes?|endpoint|access|network|link|connection|service)\w*)?(_enabled|\.enabled)?$|(vnet|virtual_network)_\w*(enabled|filter|rules?)$|managed_virtual_network/,
    compare: protectsByName(),
    severity: "medium",
    drift_type: "security",
    weaker: "It is no longer reached over private addresses alone",
    stronger: "It is reached over private addresses",
    control: CONTROLS.boundary,
  },
  {
    id: "any-firewall",
    names:
      /(^|[._])(waf|web_acl|firewall|ddos|shield|armor|security_group|network_security_group|network_policy|acl)(_\w+)?(\.\w+)?$/,
    compare: protectsByName(),
    severity: "medium",
    drift_type: "security",
    weaker: "A firewall or its rules no longer protect it",
    stronger: "A firewall protects it",
    control: CONTROLS.boundary,
  },
];

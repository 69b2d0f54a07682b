/** What a text says of itself: a credential by its form, or only a reference to one. */

/** Forms that their makers gave to credentials so that they can be found. */
const CREDENTIAL = new RegExp([
  "-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY",
  "AGE-SECRET-KEY-1",
  "\\b(?:AKIA|ASIA)[A-Z0-9]{16}\\b",
  "\\bgh[pousr]_[A-Za-z0-9]{30,}",
  "\\bgithub_pat_[A-Za-z0-9_]{22,}",
  "\\bgl(?:pat|dt|rt|ptt|soat)-[\\w-]{20,}",
  "\\bxox[abeoprs]-[\\w-]{10,}",
  "\\bxapp-\\d-[\\w-]{10,}",
  "\\b[rs]k_(?:live|test)_\\w{10,}",
  "\\bwhsec_\\w{16,}",
  "\\bAIza[\\w-]{35}",
  "\\bya29\\.[\\w-]{20,}",
  "\\bGOCSPX-[\\w-]{20,}",
  "\\bSG\\.[\\w-]{16,}\\.[\\w-]{16,}",
  "\\bnpm_[A-Za-z0-9]{36}",
  "\\bpypi-[\\w-]{50,}",
  "\\bhv[sbr]\\.[\\w-]{20,}",
  "\\bdop_v1_[0-9a-f]{40,}",
  "\\bdp\\.(?:pt|st|ct|sa)\\.[\\w.-]{30,}",
  "\\bia_(?:live|test)_\\w{20,}",
  "\\bsk-(?:proj-|ant-)?[\\w-]{30,}",
  "\\beyJ[\\w-]{8,}\\.eyJ[\\w-]{8,}\\.[\\w-]{8,}",
  "\\b(?:Bearer|Basic) [\\w.~+/=-]{16,}",
  "hooks\\.slack\\.com/(?:services|workflows|triggers)/\\w",
  "discord(?:app)?\\.com/api/webhooks/\\d",
  "webhook\\.office\\.com/webhookb2/",
  // A password inside an address, and the signature of a shared-access address.
  "://[^\\s/:@'\"<>]*:[^\\s/@'\"<>${}][^\\s/@'\"<>]*@",
  "[?&;](?:sig|signature|X-Amz-Signature|access_token|client_secret)=[^&\\s]{8,}",
].join("|"));

/** `Password=…;`, `AccountKey=…`, `export DB_PASSWORD=…`, `--token …`, `api_key: …`. */
const ASSIGNMENT = new RegExp(
  "(?<!:)(?:password|passwd|\\bpwd|secret|(?<!http[_-]?)token|api[_-]?key|access[_-]?key|account[_-]?key|private[_-]?key)" +
    "[\"']?(?:\\s*[=:]\\s*|\\s+(?=[\"'])|(?<=--[\\w-]*)\\s+)[\"']?(?![\\s\"'<>${}\\[(%@]|arn:|true\\b|false\\b|null\\b|none\\b)[^\\s\"'<>]{6,}",
  "i",
);
/** A quick look before the long one: none of the forms is without one of these. */
const TRIGGER =
  /[pP][aA][sS][sS]|[pP][wW][dD]|PRIVATE|[sS][eE][cC][rR][eE][tT]|[tT][oO][kK][eE][nN]|[kK][eE][yY]|AKIA|ASIA|gh[pousr]_|_pat_|gl\w+-|xox|xapp|[sr]k[-_]|whsec|AIza|ya29|GOCSPX|SG\.|npm_|pypi-|hv[sbr]\.|dop_|dp\.|ia_|eyJ|Bearer|Basic |hooks|webhook|:\/\/[^/]*@|[sS]ig/;
const SHORTEST = 12;
/** Longest text that is looked through: the rest of a longer one is only hashed when something is found before. */
const MOST_LOOKED_AT = 65_536;

/** A quick look: false where no credential can be inside. */
export function mayHoldCredential(text: string): boolean {
  return TRIGGER.test(text);
}

/**
 * True for a text that is or contains a credential: a private key, a token of a known form, an address with a
 * password in it, a connection string, a script that sets one.
 */
export function holdsCredential(text: string): boolean {
  if (text.length < SHORTEST) return false;
  const looked = text.length > MOST_LOOKED_AT ? text.slice(0, MOST_LOOKED_AT) : text;
  return TRIGGER.test(looked) && (CREDENTIAL.test(looked) || ASSIGNMENT.test(looked));
}

const REFERENCE = new RegExp(
  "^(?:arn:|/subscriptions/|/providers/|projects/|organizations/|folders/|alias/|/aws/|" +
    "https://[\\w.-]+\\.(?:vault|vaultcore|managedhsm)\\.|(?:secretsmanager|ssm|keyvault|kms|file):|" +
    "ref\\+|@Microsoft\\.KeyVault\\(|\\$\\{|\\{\\{|\\$\\()",
  "i",
);
const WORD =
  /^(?:required|optional|enabled?|disabled?|true|false|none|null|default|auto|automatic|always|never|on|off|yes|no|any|all|inherit(?:ed)?|standard|basic|preferred|allow|deny|active|inactive|latest|seconds|minutes|hours|days|\*)$/i;

/** True where the text names where a secret is kept, or is a setting's value: nothing in it opens anything. */
export function isReference(text: string): boolean {
  return WORD.test(text) || REFERENCE.test(text);
}

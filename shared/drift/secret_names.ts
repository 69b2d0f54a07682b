/** What a field's name says of its value: a secret, a reference to one, or neither. */

/** Words that make a name a secret's when they come last: `db_password`, `clientSecret`, `GITHUB_TOKEN`. */
const SECRET_END =
  /(?:password|passwd|passphrase|passcode|secret|token|credential|apikey|accesskey|secretkey|privatekey|connectionstring)s?$/;
const SECRET_WORDS = new Set(["pwd", "psk", "jwt", "sas", "connstr", "creds"]);
/** What may come after such a word without changing what it says. */
const TRAILING =
  /^(?:value|values|text|plaintext|data|string|strings|base64|b64|json|pem|hash|hashed|encrypted|raw|openssh|pkcs8|binary|hex|current|previous|old|new|content|contents|alias|literal|\d+|v\d+)$/;
/** Keys that open nothing: `public_key`, `partition_key`, `kms_master_key`, `key_vault_key`, `tag_key`. */
const OPEN_KEYS = new Set(
  ("annotation attribute bucket cache cached claim cluster clustering cmk column composite config context " +
    "custom dedup dedupe deduplication dimension dist distribution event field file filter foreign group " +
    "grouping hash header idempotency index item json kms label locking lookup lock managed map match message metadata " +
    "metric name object order param parameter partition path property public publickey query range record " +
    "registry resource row s3 search segment selector shard sort ssh sticky stickiness surrogate tag taint target topology unique " +
    "vault volume zone").split(" "),
);
const ALWAYS_OPEN = new Set(["kms", "cmk", "public", "vault"]);
/** What a member that only points at something ends with. */
const REFERENCE_WORDS = new Set(
  ("id ids arn arns name names namespace version versions type types kind class status state enabled disabled required " +
    "optional policy mode method algorithm encryption format from source location region path prefix label description " +
    "scope scopes role issuer audience provider store engine ref reference key keys url uri endpoint " +
    "username user users email host port protocol project tenant created updated at on time date expiration expiry " +
    "expires ttl days hours seconds rotation identity thumbprint fingerprint").split(" "),
);
const MOST_REMEMBERED = 20_000;

export type NameMeaning = "secret" | "key" | "plain";

const remembered = new Map<string, NameMeaning>();

/**
 * @param name of a field, a tag or an environment variable, in any spelling
 * @returns `secret` for passwords, tokens and the like, `key` for keys that may open something, else `plain`
 */
export function meaningOf(name: string): NameMeaning {
  const known = remembered.get(name);
  if (known !== undefined) return known;
  const meaning = readMeaning(wordsOf(name));
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(name, meaning);
  return meaning;
}

/** True for a member that points at a secret or describes it, such as `secret_arn` or `name`. */
export function isReferenceName(name: string): boolean {
  const last = wordsOf(name).at(-1);
  return last !== undefined && REFERENCE_WORDS.has(last);
}

function readMeaning(words: string[]): NameMeaning {
  const whole = words.join("_");
  if (whole === "http_tokens") return "plain";
  if (/(?:^|_)connection_strings?$/.test(whole) || /(?:^|_)key_material(?:_|$)/.test(whole)) return "secret";
  while (words.length > 1 && TRAILING.test(words.at(-1)!)) words.pop();
  const last = words.at(-1);
  if (last === undefined) return "plain";
  const before = words.at(-2);
  // Tokens that only make a request or a page unlike others.
  if (
    last === "token" &&
    /^(?:creation|request|idempotency|lock|invocation|page|next|pagination)$/.test(before ?? "")
  ) {
    return "plain";
  }
  if (SECRET_END.test(last) || SECRET_WORDS.has(last)) return "secret";
  if (last === "pass" && before !== undefined) return "secret";
  if ((last === "key" || last === "keys") && before !== undefined) {
    if (words.includes("private") || words.includes("secret")) return "secret";
    return OPEN_KEYS.has(before) || words.some((word) => ALWAYS_OPEN.has(word)) ? "plain" : "key";
  }
  return "plain";
}

/** `DBPassword`, `db-password`, `db.password` → `db`, `password`. */
function wordsOf(name: string): string[] {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .toLowerCase().split(/[^a-z0-9]+/).filter((word) => word !== "");
}

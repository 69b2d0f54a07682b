/** One spelling for texts that mean the same: what is compared in their place, never shown. */
import { addressKey } from "./addresses.ts";
import { remembering } from "./remembering.ts";
import { durationKey, quantityKey } from "./quantities.ts";

const PROTOCOL_NAMES: Readonly<Record<string, string>> = {
  "1": "icmp",
  "6": "tcp",
  "17": "udp",
  "58": "icmpv6",
  "-1": "-1",
  all: "-1",
  any: "-1",
  "*": "-1",
};

/** `6`, `TCP` and `tcp` are `tcp`; `all`, `any` and `*` are `-1`. */
export function protocolName(text: string): string {
  const name = text.toLowerCase();
  return Object.hasOwn(PROTOCOL_NAMES, name) ? PROTOCOL_NAMES[name]! : name;
}

/** Longest text that is looked at for anything but its line ends. */
const MAX_SPELLED = 2_048;
/** An address of one's own within a network, not a range. */
const OWN_ADDRESS =
  /^(ip_range|host_ip|interface_ip|gateway_?ip|ip_address|peer_ip_address|customer_address)$/;
const HOST = /^[a-z0-9_*-]+(\.[a-z0-9_-]+)+\.?$/i;
const AMOUNTS = /^(limits|requests|hard|capacity|default|default_?request|max|min|used)$/i;
const LINK =
  /^(?:https:)?\/\/[\w.-]*googleapis\.com\/(?:[\w.-]+\/)*?((?:projects|organizations|folders)\/.+)$/;

/** What a member's name says of the texts in it. */
const KINDS = {
  action: /^(Not)?Actions?$|^(not_)?actions$/,
  amount: /^(storage|memory|size_?limit)$/i,
  duration:
    /(^|_)(duration|timeout|interval|ttl|period|lifetime|expiration|expires_in|retention|retention_time|max_age|age)$/i,
  encoded: /user_?data|custom_?data|base64/i,
  location: /(^|_)(location|region)s?$/i,
  ports: /(^|_)ports?(_ranges?)?$/i,
  protocol: /protocol$/i,
} as const;
type Kind = keyof typeof KINDS | "plain";

const kindOf = remembering(
  4_096,
  (name: string): Kind =>
    (Object.keys(KINDS) as (keyof typeof KINDS)[]).find((kind) => KINDS[kind].test(name)) ?? "plain",
);
const hasNames = remembering(256, (type: string) => /route53|dns/.test(type));
const hasAmounts = remembering(256, (type: string) => /^(kubernetes|helm)_/.test(type));

/** Numbers that may stand for something else: protocols, and amounts where there are any. */
export function numberKey(type: string, name: string, parent: string, value: number): string {
  const isPlain = (value > 58 || value % 1 !== 0) && !hasAmounts(type);
  return isPlain ? String(value) : spellingKey(type, name, parent, String(value));
}

/**
 * @param type Terraform resource type
 * @param name of the member, or of the list that the text stands in
 * @param parent name of the member around that one
 * @returns equal for texts that the provider takes for the same; the text itself in most cases
 */
export function spellingKey(type: string, name: string, parent: string, text: string): string {
  const kind = kindOf(name);
  if (text.length > MAX_SPELLED) return lineEnds(kind, text);
  const first = text.charCodeAt(0);
  const isDigit = first >= 0x30 && first <= 0x39;
  if (isDigit || text.includes(":")) {
    const address = addressKey(text, OWN_ADDRESS.test(name));
    if (address !== undefined) return address;
  }
  if (isDigit || first === 0x50 || first === 0x2d) {
    const amount = amountKey(type, kind, parent, text);
    if (amount !== undefined) return amount;
  }
  if (first === 0x2f && /^\/(subscriptions|providers)\//i.test(text)) return text.toLowerCase();
  if (first === 0x68 || first === 0x2f) {
    const link = LINK.exec(text);
    if (link !== null) return link[1]!;
  }
  // A log group's ARN is printed with and without what stands for its streams; in a policy they differ.
  if (first === 0x61 && text.endsWith(":*") && /^arn:[\w-]+:logs:/.test(text) && !/resource/i.test(name)) {
    return text.slice(0, -2);
  }
  if (kind === "action") return text.toLowerCase();
  if (kind === "protocol") return protocolName(text);
  if (kind === "location") return text.toLowerCase().replaceAll(" ", "");
  if (text === "True" || text === "False") return text.toLowerCase();
  if (hasNames(type) && HOST.test(text)) return text.toLowerCase().replace(/\.$/, "");
  return lineEnds(kind, text);
}

function amountKey(type: string, kind: Kind, parent: string, text: string): string | undefined {
  if (hasAmounts(type) && (kind === "amount" || AMOUNTS.test(parent))) {
    const quantity = quantityKey(text);
    if (quantity !== undefined) return quantity;
  }
  if (kind === "ports") {
    const range = /^(\d{1,5})-(\d{1,5})$/.exec(text);
    if (range !== null && range[1] === range[2]) return range[1]!;
  }
  return kind === "duration" ? durationKey(text) : undefined;
}

/** CRLF is LF, within base64 too. */
function lineEnds(kind: Kind, text: string): string {
  // Several times as fast as replacing where there are millions of lines.
  if (text.includes("\r\n")) return text.split("\r\n").join("\n");
  if (kind !== "encoded" || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return text;
  const decoded = atob(text);
  return decoded.includes("\r\n") ? btoa(decoded.split("\r\n").join("\n")) : text;
}

/** Whose account and project a resource is in, where its configuration tells. */
export interface Home {
  account?: string;
  project?: string;
}

/**
 * True where one text is the full and the other the short name of one thing: a KMS key's ARN and id, a Google
 * resource's link and name. A full name in another account or project than the resource's own is another thing.
 */
export function isSameThing(a: string, b: string, home: Home): boolean {
  const [long, short] = a.length > b.length ? [a, b] : [b, a];
  if (short.length < 2 || !long.endsWith(short)) return false;
  const before = long[long.length - short.length - 1];
  if (before !== "/" && before !== ":") return false;
  const arn = /^arn:[\w-]+:[\w-]+:[\w-]*:(\d{12})?:/.exec(long);
  if (arn !== null) return arn[1] === undefined || home.account === undefined || arn[1] === home.account;
  const project = /(?:^|\/)projects\/([^/]+)\/(?:global|regions|zones|locations|serviceAccounts|topics)\b/
    .exec(long);
  return project !== null && (home.project === undefined || project[1] === home.project);
}

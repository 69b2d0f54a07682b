/** Comparisons of encryption keys and of the lowest TLS version that a setting allows. */
import { isRecord, type Json } from "../json.ts";
import { byRank, type Compare } from "./compare.ts";

const NONE = /^(none|unencrypted|disabled|plaintext)?$/i;
const PROVIDER_KEY =
  /^(aws\/\w+|aws[-_]?owned\w*|aws_managed\w*|service_?managed|systemmanaged|encryptionatrestwithplatformkey|platform\w*|microsoft\.(storage|keyvault)?|google_default\w*|default|aes256|sse[-_]s3)$|(^|:)alias\/aws\//i;

/** How much a customer holds the key that a text names: 0 no key, 1 the provider's, 2 the customer's. */
export function keyRank(value: Json | undefined): number | undefined {
  if (value === undefined || value === null) return 0;
  if (isRecord(value)) return 2;
  if (typeof value !== "string") return undefined;
  return NONE.test(value) ? 0 : PROVIDER_KEY.test(value) ? 1 : 2;
}

/** A customer's key is stronger than the provider's, and that than none. */
export function customerKey(): Compare {
  return byRank(keyRank);
}

/** A minimum TLS version, or the name of a policy that implies one: lower is weaker, and so is none. */
export function tlsMinimum(): Compare {
  return byRank((value) =>
    value === undefined
      ? UNSTATED
      : typeof value === "string" || typeof value === "number"
      ? tlsVersionOf(String(value))
      : undefined
  );
}

/** What providers take where nothing is said: older versions than 1.2 with some, so that naming one of them is weaker. */
const UNSTATED = 11.5;

/**
 * The lowest protocol version a setting allows: `TLS1_2`, `1.2`, `TLSv1.2_2021`, `Policy-Min-TLS-1-2-2019-07`,
 * `ELBSecurityPolicy-TLS13-1-2-2021-06`, `SecurityPolicy_TLS13_1_2_2025_09`.
 * @returns 0 for SSL 3 and no enforcement, 10 to 13 for TLS 1.0 to 1.3; `undefined` where the text names none
 */
export function tlsVersionOf(text: string): number | undefined {
  if (/^ssl_?v?3/i.test(text) || /^(none|disabled|tlsenforcementdisabled)$/i.test(text)) return 0;
  // A TLS13 policy names its minimum after that; older policies without a version in their name allow 1.0.
  if (/^(ELB)?SecurityPolicy[-_]/i.test(text)) {
    const version = /[-_]TLS13[-_](1[-_][0-3])/i.exec(text)?.[1] ??
      /[-_]TLS[-_](1[-_][0-3])[-_]/i.exec(text)?.[1] ??
      /[-_]FS[-_](1[-_][0-3])[-_]/i.exec(text)?.[1];
    return version === undefined ? 10 : Number(version.replace(/[-_]/, ""));
  }
  // Policies that only say when they were made: those from before 2020 allow what is refused today.
  const year = /SecurityPolicy[-_](?:\w+[-_])*(20\d\d)[-_]\d\d$/i.exec(text)?.[1];
  if (year !== undefined) return Number(year) < 2020 ? 11 : 12;
  const gateway = /^AppGwSslPolicy(20\d\d)/i.exec(text)?.[1];
  if (gateway !== undefined) return Number(gateway) < 2017 ? 10 : Number(gateway) < 2022 ? 11 : 12;
  if (/^tls_?v?_?1$/i.test(text) || /^TLSv1(_2016)?$/i.test(text)) return 10;
  const version = /(?<![0-9])1[._-]([0-3])(?![0-9])/.exec(text.replace(/_(20\d\d)$/, ""))?.[1] ??
    /^tls_?v?1([0-3])$/i.exec(text)?.[1];
  return version === undefined ? undefined : 10 + Number(version);
}

/** Amounts and durations in one spelling: `1000m` is `1`, `1Gi` is `1024Mi`, `1h` is `3600s`. */

/** Powers of ten of a billionth, or of two, by the suffixes of Kubernetes. */
const DECIMAL: Readonly<Record<string, number>> = {
  n: 0,
  u: 3,
  m: 6,
  "": 9,
  k: 12,
  M: 15,
  G: 18,
  T: 21,
  P: 24,
  E: 27,
};
const BINARY: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };

/**
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 * @returns the amount in billionths, or `undefined` where the text is no quantity
 */
export function quantityKey(text: string): string | undefined {
  const match = /^([+-]?)(\d{1,30})(?:\.(\d{1,15}))?([a-zA-Z]{0,2})$/.exec(text);
  if (match === null) return undefined;
  const [, sign, whole, fraction = "", suffix = ""] = match;
  const digits = BigInt(whole! + fraction);
  const [ten, two] = Object.hasOwn(BINARY, suffix) ? [9, BINARY[suffix]!] : [DECIMAL[suffix], 0];
  if (ten === undefined) return undefined;
  const numerator = digits * 10n ** BigInt(ten) * 2n ** BigInt(two);
  const denominator = 10n ** BigInt(fraction.length);
  // Below a billionth there are no quantities.
  if (numerator % denominator !== 0n) return undefined;
  return `${sign === "-" ? "-" : ""}${numerator / denominator}n`;
}

const SECONDS: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3_600,
  d: 86_400,
  w: 604_800,
};

/**
 * Durations as Go (`1h30m0s`) and ISO 8601 (`PT1H30M`, `P7D`) write them.
 * @returns the seconds, or `undefined` where the text is no duration
 */
export function durationKey(text: string): string | undefined {
  const iso = /^P(?:(\d{1,9})W)?(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?$/.exec(
    text,
  );
  if (iso !== null && text.length > 2 && !text.endsWith("T")) {
    const [w, d, h, m, s] = iso.slice(1).map((part) => Number(part ?? 0));
    return `${w! * 604_800 + d! * 86_400 + h! * 3_600 + m! * 60 + s!}s`;
  }
  if (!/^(?:\d{1,12}(?:\.\d{1,9})?(?:ms|s|m|h|d|w))+$/.test(text)) return undefined;
  let seconds = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/g)) {
    seconds += Number(amount) * SECONDS[unit!]!;
  }
  return `${Number(seconds.toFixed(6))}s`;
}

/** Comparisons that severity rules are written with: each says which direction is weaker. */
import { isRecord, isSame, type Json } from "../json.ts";
import type { Direction, Facet } from "./rule.ts";

const ON = /^(true|on|yes|enabled|enable|required|enforced|active)$/i;
const OFF = /^(false|off|no|none|disabled|disable|optional|suspended|inherited|unspecified|unencrypted)$/i;

/** Reads a switch however providers spell it. @returns `undefined` for anything else */
export function switchOf(value: Json | undefined): boolean | undefined {
  if (typeof value === "boolean") return value;
  if (typeof value === "string") return ON.test(value) ? true : OFF.test(value) ? false : undefined;
  return undefined;
}

type Compare = (facet: Facet) => Direction;

function byRank(rank: (value: Json | undefined) => number | undefined): Compare {
  return ({ before, after }) => {
    const ranks = (values: readonly Json[]) =>
      (values.length === 0 ? [undefined] : values).map(rank).filter((value) => value !== undefined);
    const [a, b] = [ranks(before), ranks(after)];
    if (a.length === 0 || b.length === 0) return undefined;
    // The weakest of several values decides.
    const [from, to] = [Math.min(...a), Math.min(...b)];
    return to < from ? "weaker" : to > from ? "stronger" : undefined;
  };
}

/** A switch that protects: off is weaker. @param missing what a missing field means, where it is known */
export function protects(missing?: boolean): Compare {
  return byRank((value) => {
    const on = value === undefined ? missing : switchOf(value);
    if (on === undefined) return value === undefined ? 1 : undefined;
    return on ? 2 : 0;
  });
}

/** A switch that exposes: on is weaker. @param missing what a missing field means, where it is known */
export function exposes(missing?: boolean): Compare {
  return byRank((value) => {
    const on = value === undefined ? missing : switchOf(value);
    if (on === undefined) return value === undefined ? 1 : undefined;
    return on ? 0 : 2;
  });
}

/** A field or block that protects by being there: its removal is weaker. */
export function mustStay(): Compare {
  return ({ before, after }) =>
    before.length > 0 && after.length === 0
      ? "weaker"
      : before.length === 0 && after.length > 0
      ? "stronger"
      : undefined;
}

/** A field or block that exposes by being there: its addition is weaker. */
export function mustNotAppear(): Compare {
  const stays = mustStay();
  return (facet) => stays({ ...facet, before: facet.after, after: facet.before });
}

/**
 * A value out of an order from weakest to strongest.
 * @param order lower-case values; a missing field counts as `missing`
 */
export function ranked(order: readonly string[], missing?: string): Compare {
  return byRank((value) => {
    const text = value === undefined ? missing : typeof value === "string" ? value.toLowerCase() : undefined;
    const index = text === undefined ? -1 : order.indexOf(text);
    return index === -1 ? undefined : index;
  });
}

/** A number that protects by being large; a missing one counts as zero. */
export function notLess(): Compare {
  return byRank((value) => value === undefined ? 0 : typeof value === "number" ? value : undefined);
}

/** A list that protects by what it names (log types, exports): fewer entries are weaker. */
export function keepsEntries(): Compare {
  return ({ before, after }) => {
    const has = (values: readonly Json[], value: Json) => values.some((other) => isSame(other, value));
    if (before.some((value) => !has(after, value))) return "weaker";
    return after.some((value) => !has(before, value)) ? "stronger" : undefined;
  };
}

/** A list that grants by what it names: further entries are weaker. */
export function gainsEntries(): Compare {
  const keeps = keepsEntries();
  return (facet) => keeps({ ...facet, before: facet.after, after: facet.before });
}

/** A dangerous value, such as a name that means everyone or a role that may do everything: appearing is weaker. */
export function mustNotName(pattern: RegExp): Compare {
  const reaches = (values: readonly Json[]) =>
    values.some((value) => typeof value === "string" && pattern.test(value));
  return ({ before, after }) => {
    const [was, is] = [reaches(before), reaches(after)];
    return was === is ? undefined : is ? "weaker" : "stronger";
  };
}

/** Any change counts, whatever its direction. */
export function anyChange(): Compare {
  return ({ before, after }) => isSame([...before], [...after]) ? undefined : "changed";
}

/** A reference (such as a key) replaced by another one; removal and addition are left to other rules. */
export function replaced(): Compare {
  return (facet) =>
    facet.before.length > 0 && facet.after.length > 0 && !facet.before.some(isRecord)
      ? anyChange()(facet)
      : undefined;
}

/** A minimum TLS version, or the name of a policy that implies one: lower is weaker. */
export function tlsMinimum(): Compare {
  return byRank((value) => typeof value === "string" ? tlsVersionOf(value) : undefined);
}

/**
 * The lowest protocol version a setting allows: `TLS1_2`, `1.2`, `TLSv1.2_2021`, `Policy-Min-TLS-1-2-2019-07`,
 * `ELBSecurityPolicy-TLS13-1-2-2021-06`.
 * @returns 0 for SSL 3, 10 to 13 for TLS 1.0 to 1.3; `undefined` where the text names none
 */
export function tlsVersionOf(text: string): number | undefined {
  if (/^ssl_?v?3/i.test(text)) return 0;
  // A TLS13 policy names its minimum after that; older policies without a version in their name allow 1.0.
  if (/^ELBSecurityPolicy-/i.test(text)) {
    const version = /-TLS13-(1-[0-3])/i.exec(text)?.[1] ?? /-TLS-(1-[0-3])-/i.exec(text)?.[1] ??
      /-FS-(1-[0-3])-/i.exec(text)?.[1];
    return version === undefined ? 10 : Number(version.replace("-", ""));
  }
  if (/^tls_?v?_?1$/i.test(text) || /^TLSv1(_2016)?$/i.test(text)) return 10;
  const version = /(?<![0-9])1[._-]([0-3])(?![0-9])/.exec(text.replace(/_(20\d\d)$/, ""))?.[1] ??
    /^tls_?v?1([0-3])$/i.exec(text)?.[1];
  return version === undefined ? undefined : 10 + Number(version);
}

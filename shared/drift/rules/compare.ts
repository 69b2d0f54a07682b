/** Comparisons that severity rules are written with: each says which direction is weaker. */
import { canonicalText, isRecord, isSame, type Json, member } from "../json.ts";
import { isNegated, lastTwoNames } from "./names.ts";
import type { Direction, Facet } from "./rule.ts";

const ON = /^(1|true|on|yes|enabled?|required|enforced?|active|always|deployed|auto|automatic)$/i;
const OFF =
  /^(0|false|off|no|none|null|disabled?|optional|suspended|inherited|unspecified|unencrypted|inactive|stopped|never|undeployed|not_?(configured|set)|manual|close|closed|\w+_unspecified)$/i;

/** Members of a block that say whether it is in force. */
const SWITCHES = ["enabled", "enable", "status", "state", "is_enabled", "Status", "State"];

/** Reads a switch however providers spell it. @returns `undefined` for anything else */
export function switchOf(value: Json | undefined): boolean | undefined {
  if (typeof value === "boolean") return value;
  if (value === 0 || value === 1) return value === 1;
  if (typeof value === "string") return ON.test(value) ? true : OFF.test(value) ? false : undefined;
  if (isRecord(value)) {
    for (const name of SWITCHES) {
      const inner = member(value, name);
      if (inner !== undefined && !isRecord(inner)) return switchOf(inner);
    }
  }
  return undefined;
}

export type Compare = (facet: Facet) => Direction;

/** Compares by a rank of values: the weakest of several decides; `undefined` where one side has none. */
export function byRank(rank: (value: Json | undefined) => number | undefined): Compare {
  return ({ before, after }) => {
    const ranks = (values: readonly Json[]) =>
      (values.length === 0 ? [undefined] : values).map(rank).filter((value) => value !== undefined);
    const [a, b] = [ranks(before), ranks(after)];
    if (a.length === 0 || b.length === 0) return undefined;
    const [from, to] = [Math.min(...a), Math.min(...b)];
    return to < from ? "weaker" : to > from ? "stronger" : undefined;
  };
}

/** A switch that protects: off is weaker. @param missing what a missing field means */
export function protects(missing = false): Compare {
  return byRank((value) => {
    const on = value === undefined ? missing : switchOf(value);
    return on === undefined ? undefined : Number(on);
  });
}

/** A switch that exposes: on is weaker. @param missing what a missing field means */
export function exposes(missing = false): Compare {
  return opposite(protects(missing));
}

/** The same comparison with weaker and stronger exchanged. */
export function opposite(compare: Compare): Compare {
  return (facet) => compare({ ...facet, before: facet.after, after: facet.before });
}

/** A field or block that protects by being there and not being switched off. */
export function present(): Compare {
  return byRank((value) => value === undefined ? 0 : Number(switchOf(value) ?? true));
}

/** What protects by its name, unless the name says the opposite (`encryption_disabled`, `skip_backup`). */
export function protectsByName(): Compare {
  const [on, off] = [present(), opposite(protects())];
  return (facet) => isNegated(lastTwoNames(facet.field)) ? off(facet) : on(facet);
}

/** What exposes by its name, unless the name says the opposite (`block_public_acls`, `local_auth_disabled`). */
export function exposesByName(): Compare {
  const [on, off] = [exposes(), present()];
  return (facet) => isNegated(lastTwoNames(facet.field)) ? off(facet) : on(facet);
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
  return opposite(mustStay());
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

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };

/**
 * A number, or a text that is one: `30`, `"30"`; durations in seconds: `"86400s"`, `"90d"`, `"PT1H"`, `"P7D"`.
 * @returns `undefined` for anything else
 */
export function amountOf(value: Json | undefined): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return undefined;
  if (/^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  const short = /^(\d+(?:\.\d+)?)([smhdw])$/.exec(value);
  if (short !== null) return Number(short[1]) * UNITS[short[2]!]!;
  const iso = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(value);
  if (iso === null || value === "P" || value.endsWith("T")) return undefined;
  const [weeks, days, hours, minutes, seconds] = iso.slice(1).map((part) => Number(part ?? 0));
  return weeks! * UNITS.w! + days! * UNITS.d! + hours! * UNITS.h! + minutes! * UNITS.m! + seconds!;
}

interface Amounts {
  /** What 0 and less mean where they mean no limit: more than any number. */
  zero_is_forever?: boolean;
  /** What a missing field means. */
  missing?: number;
}

/** A number that protects by being large. */
export function notLess({ zero_is_forever = false, missing = 0 }: Amounts = {}): Compare {
  return byRank((value) => {
    const amount = value === undefined ? missing : amountOf(value);
    return amount !== undefined && amount <= 0 && zero_is_forever ? Infinity : amount;
  });
}

/** A number that protects by being small; a missing one is no limit at all, as is zero where that is said. */
export function notMore({ zero_is_forever = false }: Amounts = {}): Compare {
  return opposite(notLess({ zero_is_forever, missing: Infinity }));
}

/** A list that protects by what it names (log types, exports): fewer entries are weaker. */
export function keepsEntries(): Compare {
  return ({ before, after }) => {
    const [was, is] = [new Set(before.map(canonicalText)), new Set(after.map(canonicalText))];
    if ([...was].some((value) => !is.has(value))) return "weaker";
    return [...is].some((value) => !was.has(value)) ? "stronger" : undefined;
  };
}

/** A list that grants by what it names: further entries are weaker. */
export function gainsEntries(): Compare {
  return opposite(keepsEntries());
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

/** A dangerous value that is gone; whether others came in its place does not count. */
export function noLongerNames(pattern: RegExp): Compare {
  const compare = mustNotName(pattern);
  return (facet) => compare(facet) === "stronger" ? "stronger" : undefined;
}

/** A value that must be among the safe ones: any other is weaker. @param missing what a missing field means */
export function mustName(pattern: RegExp, missing = false): Compare {
  return byRank((value) =>
    value === undefined
      ? Number(missing)
      : typeof value === "string"
      ? Number(pattern.test(value))
      : undefined
  );
}

/** Any change but that of an order counts, whatever its direction. */
export function anyChange(): Compare {
  return ({ before, after }) => {
    const [was, is] = [before, after].map((values) => values.map(canonicalText).sort());
    return isSame(was!, is!) ? undefined : "changed";
  };
}

/** A reference (such as a key) replaced by another one; removal and addition are left to other rules. */
export function replaced(): Compare {
  return (facet) =>
    facet.before.length > 0 && facet.after.length > 0 && !facet.before.some(isRecord)
      ? anyChange()(facet)
      : undefined;
}

/** The first comparison that says something. */
export function firstOf(...compares: readonly Compare[]): Compare {
  return (facet) => {
    for (const compare of compares) {
      const direction = compare(facet);
      if (direction !== undefined) return direction;
    }
    return undefined;
  };
}

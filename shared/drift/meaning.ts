/** Equality by meaning: two values that a provider takes for the same have one text. */
import { createHash } from "node:crypto";
import { isFreeMap } from "./field_tables.ts";
import { isRecord, type Json, type JsonRecord, member } from "./json.ts";
import { type Home, isSameThing, numberKey, spellingKey } from "./spellings.ts";

/** Longer texts of objects and lists are digests, so that no text is copied at every level around it. */
const MAX_TEXT = 1_024;

/** Tells by meaning whether values of one resource type are equal; remembers what it has read. */
export interface Meaning {
  /**
   * Text that is equal exactly when two values mean the same: the order of members and the spelling of numbers,
   * switches, addresses, ids and amounts mean nothing. `443` and `"443"` are one, and so are `true` and `"true"`.
   * @param value not changed later
   * @param name of the member that holds it
   * @param parent name of the member around that one
   */
  text(value: Json, name?: string, parent?: string): string;
  /**
   * True when both are missing or have one {@link text}, or differ in nothing but full and short names of the
   * same things.
   */
  same(a: Json | undefined, b: Json | undefined, name?: string, parent?: string, home?: Home): boolean;
}

/** @param type Terraform resource type */
export function meaningOf(type: string): Meaning {
  const known = new WeakMap<object, string>();
  const scalar = (value: string | number | boolean, name: string, parent: string) =>
    typeof value === "string"
      ? spellingKey(type, name, parent, value)
      : typeof value === "number"
      ? numberKey(type, name, parent, value)
      : String(value);

  const text = (value: Json, name = "", parent = ""): string => {
    if (value === null) return "null";
    if (typeof value !== "object") return scalarText(scalar(value, name, parent));
    const read = known.get(value);
    if (read !== undefined) return read;
    const whole = Array.isArray(value)
      ? `[${value.map((element) => text(element, name, parent)).join(",")}]`
      : recordText(value, name);
    const short = whole.length <= MAX_TEXT ? whole : createHash("sha256").update(whole).digest("hex");
    known.set(value, short);
    return short;
  };

  const longTexts = new Map<string, string>();
  const scalarText = (key: string): string => {
    if (key.length <= MAX_TEXT) return JSON.stringify(key);
    const read = longTexts.get(key) ?? `"${createHash("sha256").update(key).digest("hex")}`;
    longTexts.set(key, read);
    return read;
  };

  const recordText = (value: JsonRecord, name: string): string => {
    const isFree = isFreeMap(name, value);
    const members = Object.keys(value).sort().map((key) => {
      const child = value[key]!;
      return `${JSON.stringify(key)}:${
        isFree && child !== null ? scalarText(String(child)) : text(child, key, name)
      }`;
    });
    return `{${members.join(",")}}`;
  };

  const same: Meaning["same"] = (a, b, name = "", parent = "", home = {}) => {
    if (a === b) return true;
    if (a === undefined || b === undefined || a === null || b === null) return false;
    if (typeof a !== "object" && typeof b !== "object") {
      const [one, other] = [scalar(a, name, parent), scalar(b, name, parent)];
      return one === other || isSameThing(one, other, home);
    }
    if (typeof a !== "object" || typeof b !== "object") return false;
    if (text(a, name, parent) === text(b, name, parent)) return true;
    if (Array.isArray(a)) {
      return Array.isArray(b) && a.length === b.length &&
        a.every((element, index) => same(element, b[index], name, parent, home));
    }
    if (!isRecord(b) || isFreeMap(name, a)) return false;
    const names = Object.keys(a);
    return names.length === Object.keys(b).length &&
      names.every((key) => Object.hasOwn(b, key) && same(a[key], b[key], key, name, home));
  };
  return { text, same };
}

/** Whose account and project a configuration says it is in. */
export function homeOf(configuration: JsonRecord): Home {
  const said = (name: string) => {
    const value = member(configuration, name);
    return typeof value === "string" ? value : undefined;
  };
  const account = /^arn:[\w-]+:[\w-]+:[\w-]*:(\d{12}):/.exec(said("arn") ?? "")?.[1] ?? said("account_id");
  const project = said("project") ??
    /(?:^|\/)projects\/([^/]+)\//.exec(said("id") ?? said("self_link") ?? "")?.[1];
  return { ...account === undefined ? {} : { account }, ...project === undefined ? {} : { project } };
}

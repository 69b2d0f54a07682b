/** One form for configurations that mean the same: what the diff compares and shows. */
import { documentedDefault } from "./documented_defaults.ts";
import { isFreeMap, isSetLike, keyOf } from "./field_tables.ts";
import { canonicalText, isRecord, isSame, type Json, type JsonRecord, member, nestingOf } from "./json.ts";
import { canonicalPolicy, isPolicyDocument } from "./policy_document.ts";
import { isSecurityGroupRule, splitRule } from "./security_group.ts";
import { isVolatile } from "./volatile_fields.ts";

const MAX_EMBEDDED_DEPTH = 64;

/**
 * Brings a configuration into its canonical form. The declared equivalences are exactly these:
 * - volatile fields are left out; `tags_all` and Google's `effective_labels` take the place of `tags`, `labels`;
 * - `null`, empty text, empty list and (but in Kubernetes) empty block are a missing field;
 * - a field with its documented default is a missing field;
 * - a text that is a JSON object or list is that object or list; policies have one spelling;
 * - a list of one block is the block;
 * - set-like lists are sorted and have no repetitions; a list of blocks may be written as its only block;
 * - security-group rules are split by source.
 *
 * @param type Terraform resource type; an unknown one has only the equivalences that hold for all
 * @returns a new object; the canonical form of a canonical form is itself
 */
export function canonicalize(type: string, configuration: JsonRecord): JsonRecord {
  const { tags_all, effective_labels, terraform_labels: _terraform, ...rest } = configuration;
  const merged: JsonRecord = { ...rest };
  if (tags_all !== undefined && tags_all !== null) merged.tags = tags_all;
  if (effective_labels !== undefined && effective_labels !== null) merged.labels = effective_labels;
  return canonicalRecord({ type, keepsEmpty: type.startsWith("kubernetes_") }, merged, "");
}

interface Form {
  type: string;
  /** In Kubernetes an empty object means something: `podSelector: {}` selects every pod. */
  keepsEmpty: boolean;
}

function canonicalRecord(form: Form, record: JsonRecord, path: string): JsonRecord {
  const members: [string, Json][] = [];
  for (const name of Object.keys(record)) {
    const here = path === "" ? name : `${path}.${name}`;
    if (isVolatile(form.type, here, name)) continue;
    const value = canonicalMember(form, record[name]!, here, name);
    if (value === undefined || isAbsent(form, value, name)) continue;
    const known = documentedDefault(form.type, here);
    if (known !== undefined && isSame(value, known)) continue;
    members.push([name, value]);
  }
  return Object.fromEntries(members);
}

function isAbsent(form: Form, value: Json, name: string): boolean {
  if (value === null || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  return isRecord(value) && (!form.keepsEmpty || isFreeMap(name, value)) && Object.keys(value).length === 0;
}

function canonicalMember(form: Form, raw: Json, path: string, name: string): Json {
  const value = embedded(raw);
  if (isFreeMap(name, value)) return canonicalFreeMap(value);
  const isBlockList = keyOf(name) !== undefined || isSetLike(form.type, path, name, true);
  if (Array.isArray(value)) {
    const list = canonicalList(form, value, path, name);
    return list.length === 1 && isRecord(list[0]) && !isBlockList ? list[0] : list;
  }
  // A map such as ECS's `environment` may have the name of a list: only true blocks become lists of one.
  if (isRecord(value) && isBlockList && isBlockOf(value, name)) {
    return canonicalList(form, [value], path, name);
  }
  return canonicalValue(form, value, path, name);
}

/** Tags and the like: names are the user's own, so no table applies to them; an empty value is a value. */
function canonicalFreeMap(map: JsonRecord): JsonRecord {
  return Object.fromEntries(
    Object.keys(map).filter((name) => map[name] !== null).map((name) => [name, map[name]!]),
  );
}

function isBlockOf(value: JsonRecord, name: string): boolean {
  const key = keyOf(name);
  return key === undefined || typeof member(value, key) === "string";
}

function canonicalValue(form: Form, raw: Json, path: string, name: string): Json {
  const value = embedded(raw);
  if (Array.isArray(value)) return canonicalList(form, value, path, name);
  if (!isRecord(value)) return value;
  if (isPolicyDocument(value)) return canonicalPolicy(value);
  const record = canonicalRecord(form, value, path);
  return isPolicyDocument(record) ? canonicalPolicy(record) : record;
}

function canonicalList(form: Form, list: Json[], path: string, name: string): Json[] {
  const split = name === "ingress" || name === "egress"
    ? list.flatMap((rule): Json[] => isSecurityGroupRule(rule) ? splitRule(rule) : [rule])
    : list;
  const values = split.map((value) => canonicalValue(form, value, path, name));
  const isSet = isSetLike(form.type, path, name, values.some(isRecord)) || isKeyed(values, keyOf(name));
  if (!isSet) return values;
  const byText = new Map(values.map((value) => [canonicalText(value), value]));
  return [...byText.keys()].sort().map((text) => byText.get(text)!);
}

/** True when every element has the list's key, each value of it once. */
export function isKeyed(list: readonly Json[], key: string | undefined): list is JsonRecord[] {
  if (key === undefined || list.length === 0) return false;
  const keys = new Set<string>();
  for (const element of list) {
    const value = isRecord(element) && Object.hasOwn(element, key) ? element[key] : undefined;
    if (typeof value !== "string") return false;
    keys.add(value);
  }
  return keys.size === list.length;
}

/** The JSON inside a text, where the whole text is an object or a list; else the value itself. */
function embedded(value: Json): Json {
  if (typeof value !== "string" || value.length < 2) return value;
  const text = value.trim();
  const first = text.charCodeAt(0);
  const last = text.charCodeAt(text.length - 1);
  if (!(first === 0x7b && last === 0x7d) && !(first === 0x5b && last === 0x5d)) return value;
  if (nestingOf(text) > MAX_EMBEDDED_DEPTH) return value;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return value;
  }
}

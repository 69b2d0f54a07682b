/** One form for configurations that mean the same: what the diff compares and shows. */
import { documentedDefault } from "./documented_defaults.ts";
import { parseEmbedded, type TextBudget, textBudget } from "./embedded_json.ts";
import { boundedName } from "./field_path.ts";
import { isFreeMap, isSetLike, keyOf } from "./field_tables.ts";
import { isRecord, type Json, type JsonRecord, member } from "./json.ts";
import { type Meaning, meaningOf } from "./meaning.ts";
import { canonicalPolicy, isPolicyDocument, sortedByText } from "./policy_document.ts";
import { joinPortBlocks, joinPorts } from "./port_lists.ts";
import { isComputedOnly, isProviderSet } from "./provider_schema.ts";
import { remembering } from "./remembering.ts";
import { canonicalRules } from "./security_group.ts";
import { isVolatile } from "./volatile_fields.ts";

const MAX_PATH = 320;

/**
 * Brings a configuration into its canonical form. The declared equivalences are exactly these:
 * - volatile fields and what only the provider sets are left out; `tags_all` and Google's `effective_labels` take
 *   the place of `tags`, `labels`;
 * - `null`, empty text, empty list and (but in Kubernetes, and for blocks meant by being there) empty block are a
 *   missing field;
 * - a field with its documented default is a missing field;
 * - a text that is a JSON object or list is that object or list; policies have one spelling;
 * - a list of one block is the block;
 * - set-like lists are sorted and have no repetitions; a list of blocks may be written as its only block;
 * - security-group rules are split by source, adjacent ports are one range.
 *
 * Spellings stay as they were sent: {@link meaningOf} tells which of them are equal.
 *
 * @param type Terraform resource type; an unknown one has only the equivalences that hold for all
 * @param meaning remembers the texts of the result, for the comparison that follows
 * @returns a new object; the canonical form of a canonical form is itself
 */
export function canonicalize(
  type: string,
  configuration: JsonRecord,
  meaning: Meaning = meaningOf(type),
): JsonRecord {
  const keepsEmpty = type.startsWith("kubernetes_");
  const form = { type, keepsEmpty, meaning, layers: 0, budget: textBudget(), leavesOut: leftOutOf(type) };
  return canonicalRecord(form, withFinalLabels(configuration), "", "");
}

function withFinalLabels(configuration: JsonRecord): JsonRecord {
  const { tags_all, effective_labels, terraform_labels } = configuration;
  // Most have none of them, and copying a large record costs.
  if ([tags_all, effective_labels, terraform_labels].every((labels) => labels === undefined)) {
    return configuration;
  }
  const merged = { ...configuration };
  for (const name of ["tags_all", "effective_labels", "terraform_labels"]) delete merged[name];
  if (tags_all !== undefined && tags_all !== null) merged.tags = tags_all;
  if (effective_labels !== undefined && effective_labels !== null) merged.labels = effective_labels;
  return merged;
}

interface Form {
  type: string;
  /** In Kubernetes an empty object means something: `podSelector: {}` selects every pod. */
  keepsEmpty: boolean;
  meaning: Meaning;
  /** How many JSON texts the value stands in: within one no provider's schema applies. */
  layers: number;
  budget: TextBudget;
  /** True for a path that is never compared. */
  leavesOut: (path: string) => boolean;
}

const leftOutOf = remembering(
  128,
  (type) => remembering(512, (path) => isLeftOut(type, path) || isComputedOnly(type, path, nameOf(path))),
);
const leftOutOfTextsOf = remembering(128, (type) => remembering(512, (path) => isLeftOut(type, path)));

function isLeftOut(type: string, path: string): boolean {
  return isVolatile(type, path, nameOf(path));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}

function canonicalRecord(form: Form, record: JsonRecord, path: string, parent: string): JsonRecord {
  const members: [string, Json][] = [];
  // In one order, so that the budget of texts goes to the same texts whatever order they were sent in.
  for (const raw of Object.keys(record).sort()) {
    const name = boundedName(raw);
    // Beyond that no table knows a path.
    const here = path === "" ? name : path.length > MAX_PATH ? path : `${path}.${name}`;
    // No schema names an attribute with a dot.
    if (!name.includes(".") && !isAddressSwitch(name, record[raw]!) && form.leavesOut(here)) continue;
    const value = canonicalMember(form, record[raw]!, here, name, parent);
    if (isAbsent(form, value, name)) continue;
    const known = documentedDefault(form.type, here);
    if (known !== undefined && form.meaning.same(value, known, name, parent)) continue;
    members.push([name, value]);
  }
  return Object.fromEntries(members);
}

/** True where a name that is an address elsewhere says whether there shall be one. */
function isAddressSwitch(name: string, value: Json): boolean {
  return typeof value === "boolean" && name.startsWith("public_ip");
}

/** Blocks that say something though nothing is in them: an external address, what a firewall does by default. */
const MEANT_BY_BEING_THERE = new Set(["access_config", "allow", "block", "challenge", "ipv6_access_config"]);

function isAbsent(form: Form, value: Json, name: string): boolean {
  if (value === null || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  if (!isRecord(value) || Object.keys(value).length > 0) return false;
  return isFreeMap(name, value) || !(form.keepsEmpty || MEANT_BY_BEING_THERE.has(name));
}

function canonicalMember(form: Form, raw: Json, path: string, name: string, parent: string): Json {
  const { value, within } = opened(form, raw);
  if (isFreeMap(name, value)) return canonicalFreeMap(value);
  // A map such as a function's `environment` may have the name of a list: only true blocks are lists of one.
  const isListOf = (block: JsonRecord) =>
    keyOf(name) === undefined ? isSet(within, path, name, true) : isBlockOf(block, name);
  const given = Array.isArray(value) ? value : isRecord(value) && isListOf(value) ? [value] : undefined;
  if (given !== undefined) {
    const list = canonicalList(within, given, path, name, parent);
    return list.length === 1 && isRecord(list[0]) && !isListOf(list[0]) ? list[0] : list;
  }
  return canonicalOpened(within, value, path, name);
}

/** Tags and the like: names are the user's own, so no table applies to them; an empty value is a value. */
function canonicalFreeMap(map: JsonRecord): JsonRecord {
  return Object.fromEntries(
    Object.keys(map).filter((name) => map[name] !== null).map((name) => [boundedName(name), map[name]!]),
  );
}

function isBlockOf(value: JsonRecord, name: string): boolean {
  return typeof member(value, keyOf(name)!) === "string";
}

/** A text that is JSON becomes what it says. */
function opened(form: Form, raw: Json): { value: Json; within: Form } {
  const parsed = typeof raw === "string" ? parseEmbedded(raw, form.layers, form.budget) : undefined;
  if (parsed === undefined) return { value: raw, within: form };
  return {
    value: parsed,
    within: { ...form, layers: form.layers + 1, leavesOut: leftOutOfTextsOf(form.type) },
  };
}

function canonicalValue(form: Form, raw: Json, path: string, name: string, parent: string): Json {
  const { value, within } = opened(form, raw);
  if (Array.isArray(value)) return canonicalList(within, value, path, name, parent);
  return canonicalOpened(within, value, path, name);
}

function canonicalOpened(form: Form, value: Json, path: string, name: string): Json {
  if (!isRecord(value)) return value;
  if (isPolicyDocument(value)) return canonicalPolicy(value, form.meaning.text);
  const record = canonicalRecord(form, value, path, name);
  return isPolicyDocument(record) ? canonicalPolicy(record, form.meaning.text) : record;
}

function canonicalList(form: Form, list: Json[], path: string, name: string, parent: string): Json[] {
  const textOf = (value: Json) => form.meaning.text(value, name, parent);
  let values = list.map((value) => canonicalValue(form, value, path, name, parent));
  if (name === "ingress" || name === "egress") {
    values = canonicalRules(values, (source, value) => form.meaning.text(value, source, name));
  } else if (name === "allow" || name === "deny") {
    const portText = (port: Json) => form.meaning.text(port, "ports", name);
    values = joinPortBlocks(values, (ports) => sortedByText(ports, portText));
  }
  values = joinPorts(name, values);
  if (values.length < 2) return values;
  const isUnordered = isSet(form, path, name, values.some(isRecord)) || isKeyed(values, keyOf(name));
  return isUnordered ? sortedByText(values, textOf) : values;
}

/** True for a list whose order means nothing, by the tables or by the provider's schema. */
function isSet(form: Form, path: string, name: string, ofBlocks: boolean): boolean {
  return isSetLike(form.type, path, name, ofBlocks) ||
    (form.layers === 0 && isProviderSet(form.type, path, name));
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

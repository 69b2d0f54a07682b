/** Takes sensitive values out of a configuration before anything else sees it: the only place that does. */
import { canonicalText, isRecord, type Json, type JsonRecord, nestingOf } from "./json.ts";
import { type KeyedHash, MASK_PREFIX } from "./keyed_hash.ts";
import { KUBERNETES_SECRET_MEMBERS, secretAttributes } from "./secret_facts.ts";
import { isReferenceName, meaningOf } from "./secret_names.ts";
import { holdsCredential, isReference, mayHoldCredential } from "./secret_texts.ts";
import { type Marks, placeMarks, type SensitivePath } from "./sensitive_paths.ts";

/** Shortest secret, in UTF-16 units, that is also masked where another field is the same. */
const MIN_REPEATED_SECRET = 6;
/** Shortest secret that is also masked where another text contains it, and most secrets that are looked for so. */
const MIN_CONTAINED_SECRET = 10;
const MOST_CONTAINED_SECRETS = 32;
const MAX_EMBEDDED_DEPTH = 64;
/** Members that name what their neighbour `value` is: environment variables, parameters, headers. */
const PAIR_NAMES = ["name", "key", "Name", "Key", "parameter_name"];
const PAIR_VALUES = /^(?:value|Value|default_value|text|content|plaintext|string_value)$/;
const SCRIPT_NAMES = /user_?data|custom_?data|script|cloud_?init|bootstrap|cloud_?config/i;
const BASE64 = /^[A-Za-z0-9+/]{24,}={0,2}$/;
/** Names that make a JSON text worth parsing. */
const NAMES_SECRETS = /pass|pwd|cred|connection|sas|jwt|psk/i;

const NO_MARKS: Marks = { isMarked: false, below: new Map() };
const NO_FACTS: ReadonlySet<string> = new Set();

/** Why a value below is a secret although its own name doesn't say so. */
interface Surroundings {
  /** The name of the nearest member above. */
  name: string;
  /** Below a block or a map that is named like a secret, or beside a name that is one. */
  isSecret: boolean;
}

/**
 * Replaces sensitive values by keyed hashes: what the state marks; what the provider says is secret in this type;
 * what is named like a secret; what has the form of a credential; and texts that repeat any of these. References to
 * secrets (ARNs, ids, names) and switches stay.
 * @param type resource type
 * @param values the configuration; not changed
 * @param paths what the state marks
 * @param context names the resource in the hash, so that equal secrets of two resources don't look equal
 * @returns a copy in which every secret is one string
 */
export function maskSensitive(
  type: string,
  values: JsonRecord,
  paths: readonly SensitivePath[],
  context: string,
  hash: KeyedHash,
): JsonRecord {
  const secrets = new Set<string>();
  const masked = new Masking(type, context, hash, secrets).record(values, paths);
  if (secrets.size === 0) return masked;
  return new Repeats(context, hash, secrets).visit(masked, "") as JsonRecord;
}

/** Masks one text that stands outside of a configuration, such as a tag; `undefined` stays. */
export function maskText(name: string, text: string, context: string, hash: KeyedHash): string {
  return maskSensitive("", { [name]: text }, [], context, hash)[name] as string;
}

class Masking {
  private readonly facts: ReadonlySet<string>;

  constructor(
    type: string,
    private readonly context: string,
    private readonly hash: KeyedHash,
    private readonly secrets: Set<string>,
  ) {
    this.facts = secretAttributes(type);
  }

  record(values: JsonRecord, paths: readonly SensitivePath[]): JsonRecord {
    const marks = paths.length === 0 ? NO_MARKS : placeMarks(values, paths);
    return this.members(values, "", { name: "", isSecret: false }, marks, this.facts);
  }

  private visit(node: Json, path: string, around: Surroundings, marks: Marks): Json {
    if (node === null || (typeof node === "string" && node.startsWith(MASK_PREFIX))) return node;
    if (marks.isMarked) return this.mask(node, path);
    if (typeof node === "string") return this.text(node, path, around);
    if (typeof node !== "object") return node;
    if (Array.isArray(node)) {
      // A list of keys is one of columns or members, not of secrets.
      const own = meaningOf(around.name) === "key" ? { ...around, name: "" } : around;
      return node.map((child, index) => {
        const inside = typeof child === "string" ? own : around;
        return this.visit(child, path, inside, marks.below.get(index) ?? NO_MARKS);
      });
    }
    return this.members(node, path, around, marks, NO_FACTS);
  }

  private members(
    record: JsonRecord,
    path: string,
    around: Surroundings,
    marks: Marks,
    facts: ReadonlySet<string>,
  ): JsonRecord {
    const whole = record.kind === "Secret" ? KUBERNETES_SECRET_MEMBERS : facts;
    const paired = PAIR_NAMES.map((name) => record[name]).find((name) => typeof name === "string") as
      | string
      | undefined;
    const isPairSecret = paired !== undefined && meaningOf(paired) !== "plain";
    const isKeyBlock = around.name !== "" && meaningOf(around.name) !== "plain";
    const members = Object.keys(record).map((name): [string, Json] => {
      const value = record[name]!;
      const here = path === "" ? name : `${path}.${name}`;
      if (whole.has(name) && !isEmptyOrFlag(value)) return [name, this.mask(value, here)];
      const isSecret = (around.isSecret && !isReferenceName(name)) ||
        ((isPairSecret || isKeyBlock) && PAIR_VALUES.test(name)) ||
        (meaningOf(name) === "secret" && typeof value === "object");
      return [name, this.visit(value, here, { name, isSecret }, marks.below.get(name) ?? NO_MARKS)];
    });
    return Object.fromEntries(members);
  }

  private text(text: string, path: string, { name, isSecret }: Surroundings): Json {
    if (text === "") return text;
    const isNamed = isSecret || meaningOf(name) !== "plain";
    if (isNamed && !isReference(text)) return this.mask(text, path);
    const inner = embedded(text);
    if (inner !== undefined) return this.inner(text, inner, path, name);
    const isHidden = SCRIPT_NAMES.test(name) && BASE64.test(text) && holdsCredential(decoded(text));
    return isHidden || (holdsCredential(text) && !isReference(text)) ? this.mask(text, path) : text;
  }

  /** A text that is JSON keeps its structure, with the secrets in it masked. */
  private inner(text: string, value: Json, path: string, name: string): Json {
    const masked = this.visit(value, path, { name, isSecret: false }, NO_MARKS);
    const written = JSON.stringify(masked);
    return written === JSON.stringify(value) ? text : written;
  }

  private mask(node: Json, path: string): string {
    collect(node, this.secrets);
    return maskOf(node, path, this.context, this.hash);
  }
}

/**
 * Terraform marks an input but not the output that repeats it, so a secret is masked wherever the resource has it;
 * very short ones would match by accident.
 */
class Repeats {
  private readonly contained: string[];

  constructor(
    private readonly context: string,
    private readonly hash: KeyedHash,
    private readonly secrets: ReadonlySet<string>,
  ) {
    this.contained = [...secrets].filter((text) => text.length >= MIN_CONTAINED_SECRET)
      .slice(0, MOST_CONTAINED_SECRETS);
  }

  visit(node: Json, path: string): Json {
    if (typeof node === "string") {
      if (node.startsWith(MASK_PREFIX)) return node;
      const repeats = this.secrets.has(node) || this.contained.some((secret) => node.includes(secret));
      return repeats ? maskOf(node, path, this.context, this.hash) : node;
    }
    if (node === null || typeof node !== "object") return node;
    if (Array.isArray(node)) return node.map((child) => this.visit(child, path));
    return Object.fromEntries(
      Object.keys(node).map((name) => [name, this.visit(node[name]!, `${path}.${name}`)]),
    );
  }
}

/** The place is told by names alone: the elements of a set may come in another order next time. */
function maskOf(node: Json, path: string, context: string, hash: KeyedHash): string {
  return hash(`${context} ${path}`, typeof node === "string" ? node : canonicalText(node));
}

function collect(node: Json, into: Set<string>): void {
  if (typeof node === "string") {
    if (node.length >= MIN_REPEATED_SECRET && !isReference(node) && !node.startsWith(MASK_PREFIX)) {
      into.add(node);
    }
  } else if (Array.isArray(node)) { for (const child of node) collect(child, into); }
  else if (isRecord(node)) { for (const child of Object.values(node)) collect(child, into); }
}

function isEmptyOrFlag(node: Json): boolean {
  if (node === null || typeof node === "boolean" || node === "") return true;
  if (Array.isArray(node)) return node.length === 0;
  return isRecord(node) && Object.keys(node).length === 0;
}

/** The object or list inside a text, where it may hold secrets. */
function embedded(text: string): Json | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  if (!(mayHoldCredential(text) || NAMES_SECRETS.test(text)) || nestingOf(text) > MAX_EMBEDDED_DEPTH) {
    return undefined;
  }
  try {
    const value = JSON.parse(text) as Json;
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function decoded(text: string): string {
  try {
    return atob(text);
  } catch {
    return "";
  }
}

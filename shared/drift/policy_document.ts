/** IAM policy documents in one form, and their statements taken apart for comparison. */
import { canonicalText, isRecord, type Json, type JsonRecord, member } from "./json.ts";

const LIST_MEMBERS = new Set(["Action", "NotAction", "Resource", "NotResource"]);
const PRINCIPAL_MEMBERS = new Set(["Principal", "NotPrincipal"]);

/** True for a document in IAM's policy language. */
export function isPolicyDocument(value: Json | undefined): value is JsonRecord {
  if (!isRecord(value)) return false;
  const statement = member(value, "Statement");
  if (Array.isArray(statement)) return statement.length > 0 && statement.every(isStatement);
  return isStatement(statement);
}

function isStatement(value: Json | undefined): boolean {
  const effect = isRecord(value) ? member(value, "Effect") : undefined;
  return typeof effect === "string" && effect !== "";
}

/**
 * Statements, actions, resources, principals and condition values are sets, written singly or as lists;
 * `"*"` is `{"AWS":"*"}`, an account's id is its root's ARN, and condition keys are lower case.
 * @param textOf the text that two equal values share
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function canonicalPolicy(
  policy: JsonRecord,
  textOf: (value: Json, name: string) => string = canonicalText,
): JsonRecord {
  const sorted = (values: Json[], name: string) => sortedByText(values, (value) => textOf(value, name));
  const statementOf = (statement: JsonRecord): JsonRecord =>
    mapMembers(statement, (name, value) => {
      if (LIST_MEMBERS.has(name)) return sorted(asList(value), name);
      if (PRINCIPAL_MEMBERS.has(name)) return principalOf(value);
      return name === "Condition" && isRecord(value) ? mapMembers(value, conditionOf) : value;
    });
  const principalOf = (value: Json): Json => {
    if (value === "*") return { AWS: ["*"] };
    if (!isRecord(value)) return value;
    return mapMembers(value, (kind, names) =>
      sorted(
        asList(names).map((name) => {
          const account = kind === "AWS" && typeof name === "string" &&
            /^arn:[\w-]+:iam::(\d{12}):root$/.exec(name);
          return account ? account[1]! : name;
        }),
        kind,
      ));
  };
  const conditionOf = (_operator: string, keys: Json): Json => {
    if (!isRecord(keys)) return keys;
    const lists = new Map<string, Json[]>();
    for (const key of Object.keys(keys)) {
      const name = key.toLowerCase();
      lists.set(name, [...lists.get(name) ?? [], ...asList(keys[key]!).map(asText)]);
    }
    return Object.fromEntries([...lists].map(([name, values]) => [name, sorted(values, name)]));
  };
  return mapMembers(policy, (name, value) => {
    if (name !== "Statement") return value;
    return sorted(
      asList(value).map((statement) => isRecord(statement) ? statementOf(statement) : statement),
      name,
    );
  });
}

/** Names that a statement speaks of: those listed, or all but those listed. */
export interface Names {
  readonly all_but: boolean;
  readonly names: readonly string[];
}

/** One statement; what it doesn't say (a trust policy's resource) is the single name `-`. */
export interface Statement {
  effect: "Allow" | "Deny";
  /** Such as `AWS:123456789012`. */
  principals: Names;
  /** Lower case. */
  actions: Names;
  resources: Names;
  condition: JsonRecord | undefined;
  /** Equal exactly when two statements say the same, whatever their `Sid`. */
  text: string;
}

/** @param policy in canonical form; @returns its statements, none where the value is no policy */
export function statementsOf(policy: Json | undefined): Statement[] {
  if (!isPolicyDocument(policy)) return [];
  return asList(policy.Statement!).filter(isRecord).map((statement) => {
    const { Sid: _sid, ...said } = statement;
    const actions = namesOf(statement, "Action");
    return {
      effect: member(statement, "Effect") === "Deny" ? "Deny" : "Allow",
      principals: principalsOf(statement),
      actions: { ...actions, names: actions.names.map((name) => name.toLowerCase()) },
      resources: namesOf(statement, "Resource"),
      condition: isRecord(statement.Condition) && Object.keys(statement.Condition).length > 0
        ? statement.Condition
        : undefined,
      text: canonicalText(said),
    };
  });
}

function principalsOf(statement: JsonRecord): Names {
  const [named, except] = [member(statement, "Principal"), member(statement, "NotPrincipal")];
  const value = named ?? except;
  const all_but = named === undefined && except !== undefined;
  if (value === undefined) return { all_but, names: ["-"] };
  if (!isRecord(value)) return { all_but, names: [asText(value)] };
  const names = Object.keys(value).flatMap((kind) =>
    asList(value[kind]!).map((name) => `${kind}:${asText(name)}`)
  );
  return { all_but, names };
}

function namesOf(statement: JsonRecord, name: string): Names {
  const [named, except] = [member(statement, name), member(statement, `Not${name}`)];
  const value = named ?? except;
  if (value === undefined) return { all_but: false, names: ["-"] };
  return { all_but: named === undefined, names: asList(value).map(asText) };
}

function asList(value: Json): Json[] {
  return Array.isArray(value) ? value : [value];
}

function asText(value: Json): string {
  return typeof value === "string" ? value : canonicalText(value);
}

/** The values in the order of their texts, one of each text. */
export function sortedByText<Value>(values: readonly Value[], textOf: (value: Value) => string): Value[] {
  if (values.length < 2) return [...values];
  const byText = new Map<string, Value>();
  for (const value of values) {
    const text = textOf(value);
    if (!byText.has(text)) byText.set(text, value);
  }
  return [...byText.keys()].sort().map((text) => byText.get(text)!);
}

/** Members that say nothing are left out: `null`, an empty text, and conditions that are none. */
function mapMembers(record: JsonRecord, map: (name: string, value: Json) => Json): JsonRecord {
  return Object.fromEntries(
    Object.keys(record).filter((name) => !isUnsaid(name, record[name]!)).map((name) => [
      name,
      map(name, record[name]!),
    ]),
  );
}

function isUnsaid(name: string, value: Json): boolean {
  if (value === null || value === "") return true;
  return name === "Condition" && isRecord(value) && Object.keys(value).length === 0;
}

/** IAM policy documents in one form, so that equal grants compare equal. */
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
  return isRecord(value) && typeof member(value, "Effect") === "string";
}

/**
 * Statements, actions, resources, principals and condition values are sets, written singly or as lists;
 * `"*"` is `{"AWS":"*"}`, and an account's id is its root's ARN.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function canonicalPolicy(policy: JsonRecord): JsonRecord {
  return mapMembers(policy, (name, value) => {
    if (name !== "Statement") return value;
    return sorted(
      asList(value).map((statement) => isRecord(statement) ? canonicalStatement(statement) : statement),
    );
  });
}

function canonicalStatement(statement: JsonRecord): JsonRecord {
  return mapMembers(statement, (name, value) => {
    if (LIST_MEMBERS.has(name)) return sorted(asList(value));
    if (PRINCIPAL_MEMBERS.has(name)) return canonicalPrincipal(value);
    if (name === "Condition" && isRecord(value)) {
      return mapMembers(
        value,
        (_operator, keys) =>
          isRecord(keys) ? mapMembers(keys, (_key, values) => sorted(asList(values).map(asText))) : keys,
      );
    }
    return value;
  });
}

function canonicalPrincipal(value: Json): Json {
  if (value === "*") return { AWS: ["*"] };
  if (!isRecord(value)) return value;
  return mapMembers(value, (kind, names) =>
    sorted(
      asList(names).map((name) => {
        const account = kind === "AWS" && typeof name === "string" &&
          /^arn:[\w-]+:iam::(\d{12}):root$/.exec(name);
        return account ? account[1]! : name;
      }),
    ));
}

/** One grant of a policy: the smallest thing that can be added or taken away. */
export interface Grant {
  effect: "Allow" | "Deny";
  principal: string;
  action: string;
  resource: string;
  condition: string;
}

/** Most grants that are spelled out; a larger policy is compared as a whole. */
const MAX_GRANTS = 20_000;

/**
 * Spells a policy out as single grants, lower-case actions.
 * @returns `undefined` when there would be more than {@link MAX_GRANTS}
 */
export function grantsOf(policy: Json | undefined): Map<string, Grant> | undefined {
  const grants = new Map<string, Grant>();
  if (!isPolicyDocument(policy)) return grants;
  for (const statement of asList(canonicalPolicy(policy).Statement!)) {
    if (!isRecord(statement)) continue;
    const effect = member(statement, "Effect") === "Deny" ? "Deny" : "Allow";
    const condition = isRecord(statement.Condition) ? canonicalText(statement.Condition) : "";
    for (const principal of principalsOf(statement)) {
      for (const action of namesOf(statement, "Action")) {
        for (const resource of namesOf(statement, "Resource")) {
          const grant: Grant = { effect, principal, action: action.toLowerCase(), resource, condition };
          grants.set(JSON.stringify(Object.values(grant)), grant);
          if (grants.size > MAX_GRANTS) return undefined;
        }
      }
    }
  }
  return grants;
}

function principalsOf(statement: JsonRecord): string[] {
  const principal = member(statement, "Principal");
  if (principal === undefined) {
    const except = member(statement, "NotPrincipal");
    // An Allow for everyone but a few is an Allow for everyone.
    return except === undefined ? ["-"] : [`not ${canonicalText(except)}`];
  }
  if (!isRecord(principal)) return [canonicalText(principal)];
  return Object.keys(principal).flatMap((kind) =>
    asList(principal[kind]!).map((name) => `${kind}:${asText(name)}`)
  );
}

function namesOf(statement: JsonRecord, name: string): string[] {
  const value = member(statement, name);
  if (value !== undefined) return asList(value).map(asText);
  const except = member(statement, `Not${name}`);
  return except === undefined ? ["-"] : [`not ${canonicalText(except)}`];
}

function asList(value: Json): Json[] {
  return Array.isArray(value) ? value : [value];
}

function asText(value: Json): string {
  return typeof value === "string" ? value : canonicalText(value);
}

function sorted(values: Json[]): Json[] {
  const byText = new Map(values.map((value) => [canonicalText(value), value]));
  return [...byText.keys()].sort().map((text) => byText.get(text)!);
}

function mapMembers(record: JsonRecord, map: (name: string, value: Json) => Json): JsonRecord {
  return Object.fromEntries(Object.keys(record).map((name) => [name, map(name, record[name]!)]));
}

/** Judges what a Kubernetes role or an Azure role definition newly allows. */
import { isRecord, type Json, type JsonRecord, member } from "../json.ts";
import { type Finding, oncePerPair, type Scene, type Severity, worstOf } from "./rule.ts";

/** One thing that a Kubernetes rule allows. */
interface Allowed {
  verb: string;
  resource: string;
}

const READ = /^(get|list|watch|\*)$/;
const WRITE = /^(create|update|patch|delete|deletecollection|\*)$/;

/** What allowing a verb on a resource means, most dangerous first; the first that matches counts. */
const DANGERS: readonly (readonly [verb: RegExp, resource: RegExp, severity: Severity, reason: string])[] = [
  [/^\*$/, /^\*$/, "critical", "The role may do everything"],
  [/^(\*|create|update|patch|delete)$/, /^\*$/, "critical", "The role may change every resource"],
  [
    /^(impersonate|escalate|bind)$/,
    /./,
    "critical",
    "The role may take on other identities or widen its own rights",
  ],
  [
    WRITE,
    /^(cluster)?role(binding)?s$/,
    "high",
    "The role may change roles and bindings, and so widen its own rights",
  ],
  [WRITE, /^(validating|mutating)webhookconfigurations$/, "high", "The role may change admission webhooks"],
  [READ, /^secrets$/, "high", "The role may read secrets"],
  [WRITE, /^secrets$/, "high", "The role may change secrets"],
  [/./, /^(nodes\/proxy|serviceaccounts\/token)$/, "high", "The role may act as nodes or service accounts"],
  [/./, /^pods\/(exec|attach|portforward)$/, "high", "The role may run commands within pods"],
  [WRITE, /^(networkpolicies|ingresses|services|endpoints)$/, "high", "The role may change the network"],
  [/^\*$/, /./, "high", "The role uses a wildcard"],
  [/./, /^\*(\/|$)/, "high", "The role uses a wildcard"],
  [/./, /./, "medium", "The role allows more than before"],
];

/** @returns `undefined` when the change is not within a role's rules */
export function judgeKubernetesRole(scene: Scene): Finding | undefined {
  const { type, change, before, after } = scene;
  const isRole = /role(_v1)?$/.test(type) || /Role$/.test(String(kindOf(after) ?? kindOf(before)));
  const names = change.steps.filter((step) => typeof step === "string");
  if (!isRole || !names.some((name) => name === "rule" || name === "rules" || name === "manifest")) {
    return undefined;
  }
  return judgeAllowed(scene);
}

const judgeAllowed = oncePerPair(({ before, after }) => {
  const [was, is] = [allowedBy(before), allowedBy(after)];
  const worst = worstOf(
    notIn(is, was).map(({ verb, resource }) => {
      const danger = DANGERS.find(([verbs, resources]) => verbs.test(verb) && resources.test(resource))!;
      return { direction: "weaker", severity: danger[2], reason: danger[3] } as const;
    }),
  );
  if (worst !== undefined) return worst;
  return notIn(was, is).length > 0
    ? { direction: "stronger", severity: "low", reason: "The role allows less than before" }
    : undefined;
});

/** What is allowed by one list and not by the other. */
function notIn(list: readonly Allowed[], other: readonly Allowed[]): Allowed[] {
  const allowed = new Set(other.map(({ verb, resource }) => `${verb} ${resource}`));
  return list.filter(({ verb, resource }) =>
    ![`${verb} ${resource}`, `* ${resource}`, `${verb} *`, "* *"].some((text) => allowed.has(text))
  );
}

function kindOf(configuration: JsonRecord): Json | undefined {
  return isRecord(configuration.manifest) ? member(configuration.manifest, "kind") : undefined;
}

function allowedBy(configuration: JsonRecord): Allowed[] {
  const manifest = isRecord(configuration.manifest) ? configuration.manifest : {};
  const rules = [configuration.rule, configuration.rules, member(manifest, "rules")].flatMap(listOf);
  return rules.filter(isRecord).flatMap((rule) => {
    const resources = listOf(rule.resources).map((resource) => String(resource).toLowerCase());
    // In every API group: also in those that come to the cluster later.
    const inEveryGroup = listOf(rule.api_groups ?? rule.apiGroups).includes("*")
      ? resources.filter((resource) => resource !== "*").map((resource) => `*/${resource}`)
      : [];
    return listOf(rule.verbs).flatMap((verb) =>
      [...resources, ...inEveryGroup].map((resource) => ({ verb: String(verb), resource }))
    );
  });
}

/** Actions of Azure that hand out rights. */
const GRANTING =
  /^(\*|microsoft\.authorization\/(\*|roledefinitions\/(\*|write)|roleassignments\/(\*|write)|elevateaccess\/.*))$/i;

/** @returns `undefined` when the change is not within a role definition's permissions or scopes */
export function judgeAzureRole(scene: Scene): Finding | undefined {
  const root = scene.change.steps[0];
  return root === "permissions" || root === "assignable_scopes" ? judgeActions(scene) : undefined;
}

const judgeActions = oncePerPair(({ before, after }) => {
  const [was, is] = [actionsOf(before), actionsOf(after)];
  const [old, now] = [new Set(was), new Set(is)];
  const gained = is.filter((action) => !old.has(action));
  if (gained.some((action) => action === "*" || GRANTING.test(action))) {
    return {
      direction: "weaker",
      severity: "high",
      reason: "The role may do everything, or grant rights to others",
    };
  }
  if (gained.length > 0) {
    return { direction: "weaker", severity: "medium", reason: "The role allows more than before" };
  }
  return was.some((action) => !now.has(action))
    ? { direction: "stronger", severity: "low", reason: "The role allows less than before" }
    : undefined;
});

function actionsOf(configuration: JsonRecord): string[] {
  return listOf(configuration.permissions).filter(isRecord)
    .flatMap((permission) => [...listOf(permission.actions), ...listOf(permission.data_actions)])
    .concat(listOf(configuration.assignable_scopes).map((scope) => `scope ${String(scope)}`))
    .map(String);
}

function listOf(value: Json | undefined): Json[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

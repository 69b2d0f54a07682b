/** Judges Kubernetes annotations and labels that controllers obey; all others are words. */
import { isRecord, type Json, type JsonRecord } from "../json.ts";
import { type Compare, mustName, mustNotAppear, mustStay, opposite, protects, ranked } from "./compare.ts";
import { type Finding, type Scene, type Severity, worstOf } from "./rule.ts";

interface Annotation {
  names: RegExp;
  compare: Compare;
  severity: Severity;
  weaker: string;
}

const OUTSIDE = "The load balancer is reachable from outside the private network";
const POD_SECURITY = "Pods of the namespace are less confined";

const ANNOTATIONS: readonly Annotation[] = [
  {
    names: /(aws|azure|oci|openstack)-load-balancer-internal$|load-balancer-internal$/,
    compare: protects(),
    severity: "high",
    weaker: OUTSIDE,
  },
  {
    names: /aws-load-balancer-scheme$|alb\.ingress\.kubernetes\.io\/scheme$/,
    compare: ranked(["internet-facing", "internal"], "internet-facing"),
    severity: "high",
    weaker: OUTSIDE,
  },
  {
    names: /(cloud\.google\.com|networking\.gke\.io)\/load-balancer-type$/i,
    compare: ranked(["external", "internal"], "external"),
    severity: "high",
    weaker: OUTSIDE,
  },
  {
    names:
      /^(eks\.amazonaws\.com\/role-arn|iam\.gke\.io\/gcp-service-account|azure\.workload\.identity\/client-id)$/,
    compare: ({ before, after }) =>
      after.length === 0 ? "stronger" : before.length === 0 ? "weaker" : "changed",
    severity: "high",
    weaker: "Pods that use the service account act as another cloud identity",
  },
  {
    names: /^pod-security\.kubernetes\.io\/enforce$/,
    compare: ranked(["privileged", "baseline", "restricted"], "privileged"),
    severity: "high",
    weaker: POD_SECURITY,
  },
  {
    names: /^pod-security\.kubernetes\.io\/(audit|warn)$/,
    compare: ranked(["privileged", "baseline", "restricted"], "privileged"),
    severity: "low",
    weaker: POD_SECURITY,
  },
  {
    names: /^(seccomp\.security\.alpha\.kubernetes\.io\/|container\.seccomp)/,
    compare: mustName(/^(runtime\/default|docker\/default|localhost\/.+)$/),
    severity: "medium",
    weaker: "System calls are no longer filtered by a known profile",
  },
  {
    names: /^container\.apparmor\.security\.beta\.kubernetes\.io(\/|$)/,
    compare: mustName(/^(runtime\/default|localhost\/.+)$/),
    severity: "low",
    weaker: "The container no longer runs under an AppArmor profile",
  },
  {
    names:
      /^nginx\.ingress\.kubernetes\.io\/((configuration|server|stream|auth)-snippet|modsecurity-snippet|auth-tls-match-cn|mirror-(target|host))$/,
    compare: mustNotAppear(),
    severity: "high",
    weaker: "The ingress takes configuration that can run code in its controller",
  },
  {
    names:
      /^nginx\.ingress\.kubernetes\.io\/(auth-url|auth-type|auth-secret|auth-tls-secret|whitelist-source-range|allowlist-source-range|auth-signin)$/,
    compare: unsafeOrGone,
    severity: "high",
    weaker: "The ingress checks its callers less than before",
  },
  {
    names: /\/(force-)?ssl-redirect$/,
    compare: protects(true),
    severity: "medium",
    weaker: "Requests without encryption are accepted",
  },
  {
    names: /\/backend-protocol$/,
    compare: ranked(["http", "https"], "http"),
    severity: "medium",
    weaker: "Traffic behind the ingress is not encrypted",
  },
  {
    names: /^(iam\.amazonaws\.com\/role|kubernetes\.io\/enforce-mountable-secrets)$/,
    compare: opposite(mustStay()),
    severity: "medium",
    weaker: "Pods get further rights",
  },
];

/** Characters that end the line of a configuration file they are put into. */
const INJECTION = /[{};\s#|"'`<>\\]|\$\w+/;

function unsafeOrGone({ before, after }: Parameters<Compare>[0]): ReturnType<Compare> {
  const isUnsafe = (values: readonly Json[]) =>
    values.some((value) => typeof value === "string" && INJECTION.test(value));
  if (isUnsafe(before) !== isUnsafe(after)) return isUnsafe(after) ? "weaker" : "stronger";
  return before.length > 0 && after.length === 0 ? "weaker" : before.length === 0 ? "stronger" : undefined;
}

/** @returns `undefined` when the change is not about an annotation that a controller obeys */
export function judgeAnnotations({ change }: Scene): Finding | undefined {
  const place = change.steps.findIndex((step) => step === "annotations" || step === "labels");
  const [was, is] = [new Map<string, Json>(), new Map<string, Json>()];
  if (place !== -1) {
    const name = change.steps[place + 1];
    if (typeof name === "string") {
      if (change.before !== undefined) was.set(name, change.before);
      if (change.after !== undefined) is.set(name, change.after);
    } else {
      entries(change.before, was);
      entries(change.after, is);
    }
  } else {
    annotationsWithin(change.before, was);
    annotationsWithin(change.after, is);
  }
  const findings: Finding[] = [];
  for (const name of new Set([...was.keys(), ...is.keys()])) {
    const annotation = ANNOTATIONS.find(({ names }) => names.test(name));
    if (annotation === undefined) continue;
    const sides = [was, is].map((side) => side.has(name) ? [side.get(name)!] : []);
    const direction = annotation.compare({ field: name, before: sides[0]!, after: sides[1]! });
    if (direction === undefined) continue;
    findings.push(
      direction === "stronger"
        ? { direction, severity: "low", reason: `The annotation ${name} is stronger than before` }
        : { direction, severity: annotation.severity, reason: `${annotation.weaker}: ${name}` },
    );
  }
  return worstOf(findings);
}

function entries(map: Json | undefined, into: Map<string, Json>): void {
  if (isRecord(map)) { for (const name of Object.keys(map)) into.set(name, map[name]!); }
}

/** Annotations of a whole object that came or went. */
function annotationsWithin(value: Json | undefined, into: Map<string, Json>): void {
  if (Array.isArray(value)) { for (const element of value) annotationsWithin(element, into); }
  if (!isRecord(value)) return;
  entries((value as JsonRecord).annotations, into);
  entries((value as JsonRecord).labels, into);
  for (const name of Object.keys(value)) {
    if (name !== "annotations" && name !== "labels") annotationsWithin(value[name], into);
  }
}

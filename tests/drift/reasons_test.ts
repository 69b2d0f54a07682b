/** Guarantee: what a drift says of its rule speaks of the resource's own provider, or of none. */
import assert from "node:assert/strict";
import pulumiTypes from "../../shared/drift/facts/pulumi_types.json" with { type: "json" };
import secretAttributes from "../../shared/drift/facts/secret_attributes.json" with { type: "json" };
import { controlFor, type Provider, providerOf } from "../../shared/drift/rules/controls.ts";
import { type Rule } from "../../shared/drift/rules/rule.ts";
import { judgeUnseen } from "../../shared/drift/rules/changed_unseen.ts";
import { RULES } from "../../shared/drift/rules/table.ts";

const NAMES: Record<Provider, RegExp> = {
  aws: /\bAWS\b|Amazon|\bS3\b|IMDS|CloudFront|CloudTrail|Lambda\b/,
  azure: /Azure|Microsoft|Entra/,
  google: /\bGCP\b|Google|\bGKE\b/,
  kubernetes: /CIS Kubernetes|^Kubernetes/,
  github: /GitHub/,
};

const PREFIXES: Record<string, string> = { azure: "azurerm", gcp: "google" };
/** Types as the providers' packages name them, and some of providers that have no controls of their own. */
const TYPES = [
  ...Object.entries(pulumiTypes).map(([name, type]) => {
    const provider = name.slice(0, name.indexOf(":"));
    return `${PREFIXES[provider] ?? provider}_${type}`;
  }),
  ...Object.keys(secretAttributes),
  "oci_core_instance",
  "oci_core_security_list",
  "alicloud_oss_bucket",
  "digitalocean_firewall",
  "gitlab_project",
  "acme_audit_log",
  "acme_iam_audit_config",
  "acme_key_vault_secret",
  "acme_web_acl",
];

function wordsOf(rule: Rule): string[] {
  return "judge" in rule ? [] : [rule.weaker, ...(rule.stronger === undefined ? [] : [rule.stronger])];
}

Deno.test("reasons: a rule cites controls of the resource's own provider, or of none", () => {
  assert.ok(TYPES.length > 1_000, `${TYPES.length} types`);
  const wrong = new Set<string>();
  for (const rule of RULES) {
    const types = TYPES.filter((type) => rule.types === undefined || rule.types.test(type));
    for (const provider of new Set(types.map(providerOf))) {
      const type = types.find((type) => providerOf(type) === provider)!;
      const said = [controlFor(type, rule.control), ...wordsOf(rule)];
      for (const [other, name] of Object.entries(NAMES)) {
        if (other === provider) continue;
        for (const text of said) {
          if (name.test(text)) wrong.add(`${rule.id}, ${provider ?? "another"}: ${text}`);
        }
      }
    }
  }
  assert.deepEqual([...wrong], []);
});

Deno.test("reasons: every rule has words, a control for each provider that it names, and one for all others", () => {
  for (const rule of RULES) {
    assert.ok(rule.control.any.length > 5, rule.id);
    for (const text of wordsOf(rule)) assert.match(text, /^[A-Z0-9].*[^.]$/, rule.id);
  }
});

Deno.test("reasons: a change that nobody saw is as grave as what the resource is there for", () => {
  const rows: [type: string, severity: string, drift_type: string, control: RegExp | null][] = [
    ["aws_security_group", "high", "security", /AWS/],
    ["aws_iam_role_policy", "high", "security", /AWS/],
    ["kubernetes_cluster_role_binding", "high", "security", /Kubernetes/],
    ["oci_core_security_list", "high", "security", /NIST/],
    ["aws_s3_bucket_public_access_block", "high", "security", /AWS/],
    ["azurerm_monitor_diagnostic_setting", "high", "compliance", /Azure|Microsoft/],
    ["aws_s3_bucket", "medium", "configuration", null],
    ["aws_instance", "medium", "configuration", null],
  ];
  for (const [type, severity, drift_type, control] of rows) {
    const verdict = judgeUnseen(type);
    assert.deepEqual([verdict.severity, verdict.drift_type], [severity, drift_type], type);
    if (control === null) assert.equal(verdict.control, null);
    else assert.match(verdict.control!, control);
  }
});

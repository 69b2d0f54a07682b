/** Guarantee: what means the same is no drift, what means something else is one, named by its field. */
import assert from "node:assert/strict";
import { detectDrifts } from "../../shared/drift/detect.ts";
import { diff } from "../../shared/drift/diff.ts";
import type { Json, JsonRecord } from "../../shared/drift/json.ts";
import { valueDiff } from "../../shared/drift/value_diff.ts";

const statement = { Effect: "Allow", Action: ["s3:GetObject", "s3:PutObject"], Resource: "arn:a" };
const policy = (document: unknown) => ({ policy: JSON.stringify(document) });

const EQUAL: [name: string, type: string, a: JsonRecord, b: JsonRecord][] = [
  ["members in another order", "x", { a: 1, b: 2 }, { b: 2, a: 1 }],
  ["CIDRs in another order", "x", { cidr_blocks: ["10.0.0.0/8", "192.168.0.0/16"] }, {
    cidr_blocks: ["192.168.0.0/16", "10.0.0.0/8"],
  }],
  ["one rule with two CIDRs, or two rules", "aws_security_group", {
    ingress: [{ protocol: "tcp", from_port: 80, to_port: 80, cidr_blocks: ["10.0.0.0/8", "172.16.0.0/12"] }],
  }, {
    ingress: [
      { protocol: "tcp", from_port: 80, to_port: 80, cidr_blocks: ["172.16.0.0/12"], self: false },
      { protocol: "6", from_port: 80, to_port: 80, cidr_blocks: ["10.0.0.0/8"], ipv6_cidr_blocks: [] },
    ],
  }],
  ["security groups in another order", "aws_instance", { vpc_security_group_ids: ["sg-1", "sg-2"] }, {
    vpc_security_group_ids: ["sg-2", "sg-1"],
  }],
  [
    "policy text spelled otherwise",
    "aws_iam_policy",
    policy({ Version: "2012-10-17", Statement: [statement] }),
    {
      policy: JSON.stringify(
        {
          Statement: { Resource: ["arn:a"], Action: ["s3:PutObject", "s3:GetObject"], Effect: "Allow" },
          Version: "2012-10-17",
        },
        null,
        4,
      ),
    },
  ],
  [
    "principals in another order, root by ARN",
    "aws_s3_bucket_policy",
    policy({
      Statement: [{ ...statement, Principal: { AWS: ["111111111111", "222222222222"] } }],
    }),
    policy({
      Statement: [{ ...statement, Principal: { AWS: ["arn:aws:iam::222222222222:root", "111111111111"] } }],
    }),
  ],
  [
    "everyone in both spellings",
    "aws_s3_bucket_policy",
    policy({ Statement: [{ ...statement, Principal: "*" }] }),
    policy(
      { Statement: [{ ...statement, Principal: { AWS: "*" } }] },
    ),
  ],
  ["bindings of a Google policy", "google_project_iam_policy", {
    policy_data: JSON.stringify({
      etag: "1",
      bindings: [{ role: "r", members: ["a", "b"] }, { role: "s", members: ["c"] }],
    }),
  }, {
    policy_data: JSON.stringify({
      etag: "2",
      bindings: [{ role: "s", members: ["c"] }, { role: "r", members: ["b", "a"] }],
    }),
  }],
  ["missing, null and empty", "x", { a: null, b: [], c: {}, d: "" }, {}],
  ["a block and a list of one block", "aws_s3_bucket", { versioning: [{ enabled: true }] }, {
    versioning: { enabled: true },
  }],
  ["a documented default", "aws_db_instance", { publicly_accessible: false, backup_retention_period: 0 }, {}],
  ["a block of defaults", "aws_s3_bucket", { versioning: [{ enabled: false, mfa_delete: false }] }, {}],
  ["a default that is true", "azurerm_storage_account", { allow_nested_items_to_be_public: true }, {}],
  ["volatile fields", "aws_instance", { public_ip: "1.1.1.1", public_dns: "a", instance_state: "running" }, {
    public_ip: "2.2.2.2",
    public_dns: "b",
    instance_state: "stopped",
  }],
  ["ETags, serials, timestamps", "x", {
    etag: "1",
    serial: 1,
    updated_at: "a",
    nested: { last_modified: "x" },
  }, {
    etag: "2",
    serial: 2,
    updated_at: "b",
    nested: { last_modified: "y" },
  }],
  ["names that a provider assigns", "aws_lb", { name: "a", dns_name: "a-1.elb.amazonaws.com" }, {
    name: "a",
    dns_name: "a-2.elb.amazonaws.com",
  }],
  ["external address", "google_compute_instance", {
    network_interface: [{ access_config: [{ nat_ip: "1.1.1.1", network_tier: "PREMIUM" }] }],
  }, {
    network_interface: [{ access_config: [{ nat_ip: "2.2.2.2", network_tier: "PREMIUM" }] }],
  }],
  ["tags by their final values", "aws_instance", { tags: { a: "1" }, tags_all: { a: "1", b: "2" } }, {
    tags: { a: "1", b: "2" },
  }],
  ["labels by their final values", "google_storage_bucket", {
    labels: { a: "1" },
    effective_labels: { a: "1", b: "2" },
    terraform_labels: { a: "1", b: "2" },
  }, { labels: { a: "1", b: "2" } }],
  ["a set of blocks written as its only block", "aws_security_group", {
    ingress: { protocol: "tcp", from_port: 80, to_port: 80, cidr_blocks: ["10.0.0.0/8"] },
  }, { ingress: [{ protocol: "tcp", from_port: 80, to_port: 80, cidr_blocks: ["10.0.0.0/8"] }] }],
  [
    "values of a condition singly, in another order, and as text",
    "aws_iam_policy",
    policy({
      Statement: [{ ...statement, Condition: { Bool: { a: true }, StringLike: { b: ["x", "y"] } } }],
    }),
    policy({
      Statement: [{ ...statement, Condition: { Bool: { a: ["true"] }, StringLike: { b: ["y", "x"] } } }],
    }),
  ],
  ["containers in another order", "aws_ecs_task_definition", {
    container_definitions: JSON.stringify([{ name: "a", image: "1" }, { name: "b", image: "2" }]),
  }, { container_definitions: JSON.stringify([{ name: "b", image: "2" }, { name: "a", image: "1" }]) }],
];

for (const [name, type, a, b] of EQUAL) {
  Deno.test(`diff: equal: ${name}`, () => {
    assert.deepEqual(diff(type, a, b), []);
    assert.deepEqual(diff(type, b, a), []);
  });
}

const DIFFERENT: [name: string, type: string, a: JsonRecord, b: JsonRecord, paths: string[]][] = [
  ["an ordered list", "aws_lambda_function", { layers: ["a", "b"] }, { layers: ["b", "a"] }, [
    "layers[0]",
    "layers[1]",
  ]],
  ["a command", "x", { command: ["run", "a"] }, { command: ["run", "b"] }, ["command[1]"]],
  ["a list that grew", "x", { command: ["run"] }, { command: ["run", "b"] }, ["command"]],
  ["one tag of several", "x", { tags: { a: "1", b: "1" } }, { tags: { a: "1", b: "2" } }, ["tags.b"]],
  ["a tag with a dot", "x", { tags: {} }, { tags: { "cost.center": "1" } }, ['tags["cost.center"]']],
  ["a tag named like a volatile field", "x", { tags: { serial: "1" } }, { tags: { serial: "2" } }, [
    "tags.serial",
  ]],
  ["a removed block", "aws_s3_bucket", { logging: [{ target_bucket: "a" }] }, {}, ["logging"]],
  ["a nested field", "x", { a: [{ b: [{ c: 1 }] }] }, { a: [{ b: [{ c: 2 }] }] }, ["a.b.c"]],
  ["false where the default is true", "azurerm_storage_account", { https_traffic_only_enabled: false }, {}, [
    "https_traffic_only_enabled",
  ]],
  [
    "an action added",
    "aws_iam_policy",
    policy({ Statement: [statement] }),
    policy({ Statement: [{ ...statement, Action: "s3:*" }] }),
    ["policy"],
  ],
  [
    "a condition",
    "aws_iam_policy",
    policy({ Statement: [{ ...statement, Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } }] }),
    policy({ Statement: [statement] }),
    ["policy"],
  ],
  [
    "an image of one container",
    "aws_ecs_task_definition",
    {
      container_definitions: JSON.stringify([{ name: "a", image: "1" }, { name: "b", image: "2" }]),
    },
    { container_definitions: JSON.stringify([{ name: "b", image: "3" }, { name: "a", image: "1" }]) },
    ['container_definitions[name="b"].image'],
  ],
  ["an empty selector", "kubernetes_network_policy", { spec: [{ pod_selector: [{}] }] }, {
    spec: [{ policy_types: ["Ingress"] }],
  }, ["spec.pod_selector", "spec.policy_types"]],
  ["a policy that is one no more", "aws_iam_policy", policy({ Statement: [statement] }), { policy: "{}" }, [
    "policy",
  ]],
  [
    "two containers of one name",
    "aws_ecs_task_definition",
    { container_definitions: JSON.stringify([{ name: "a", image: "1" }, { name: "b", image: "2" }]) },
    { container_definitions: JSON.stringify([{ name: "a", image: "1" }, { name: "a", image: "3" }]) },
    ["container_definitions[1].image", "container_definitions[1].name"],
  ],
  ["a final label", "google_storage_bucket", { effective_labels: { a: "1" } }, {
    effective_labels: { a: "2" },
  }, [
    "labels.a",
  ]],
  ["text that only looks like JSON", "x", { a: "{not json}" }, { a: "{not json either}" }, ["a"]],
];

for (const [name, type, a, b, paths] of DIFFERENT) {
  Deno.test(`diff: different: ${name}`, () => {
    assert.deepEqual(diff(type, a, b).map((change) => change.path), paths);
    assert.deepEqual(diff(type, b, a).map((change) => change.path), paths);
  });
}

Deno.test("diff: a set names what it gained and lost, a block its members", () => {
  const rule = (cidr: string) => ({ protocol: "tcp", from_port: 443, to_port: 443, cidr_blocks: [cidr] });
  const [drift] = detectDrifts(
    "aws_security_group",
    { configuration: { ingress: [rule("10.0.0.0/8"), rule("10.1.0.0/16")] } },
    { configuration: { ingress: [rule("10.0.0.0/8"), rule("10.2.0.0/16")] } },
  );
  assert.deepEqual(valueDiff("ingress", drift!.baseline_value, drift!.current_value), [
    { path: "ingress[]", before: rule("10.1.0.0/16"), after: null },
    { path: "ingress[]", before: null, after: rule("10.2.0.0/16") },
  ]);
  assert.deepEqual(valueDiff("logging", { target_bucket: "a", nested: { deep: 1 } }, null), [
    { path: "logging.nested.deep", before: 1, after: null },
    { path: "logging.target_bucket", before: "a", after: null },
  ]);
  assert.deepEqual(valueDiff("layers", ["a", "b"], ["b", "a"]), [
    { path: "layers", before: ["a", "b"], after: ["b", "a"] },
  ]);
  assert.deepEqual(valueDiff("x", 1, 1), []);
});

Deno.test("diff: what can't be taken apart is shown whole", () => {
  const pairs: [Json, Json][] = [
    [{ a: 1 }, "text"],
    [5, { a: 1 }],
    [["a"], null],
    [["a"], "a"],
    [{}, null],
    [{ a: 1 }, ["a"]],
  ];
  for (const [before, after] of pairs) {
    assert.deepEqual(valueDiff("x", before, after), [{ path: "x", before, after }]);
    assert.deepEqual(valueDiff("x", after, before), [{ path: "x", before: after, after: before }]);
  }
  assert.deepEqual(valueDiff("x", { a: null, b: 1 }, { b: 1 }), []);
});

Deno.test("diff: tags sent beside a configuration without tags count as its tags", () => {
  const baseline = { configuration: { a: 1 }, tags: { owner: "x" } };
  const paths = detectDrifts("x", baseline, { configuration: { a: 1 }, tags: { owner: "y" } })
    .map((drift) => drift.field_path);
  assert.deepEqual(paths, ["tags.owner"]);
  assert.deepEqual(
    detectDrifts("x", baseline, { configuration: { a: 1, tags: { owner: "x" } }, tags: {} }),
    [],
  );
});

Deno.test("diff: values are shown as they take effect, defaults filled in", () => {
  const values = (type: string, before: JsonRecord, after: JsonRecord) =>
    detectDrifts(type, { configuration: before }, { configuration: after })
      .map(({ baseline_value, current_value }) => [baseline_value, current_value]);
  assert.deepEqual(values("aws_s3_bucket", { versioning: [{ enabled: true }] }, {}), [
    [{ enabled: true }, { enabled: false }],
  ]);
  assert.deepEqual(values("azurerm_storage_account", { https_traffic_only_enabled: false }, {}), [[
    false,
    true,
  ]]);
  assert.deepEqual(values("unknown", { a: 1 }, {}), [[1, null]]);
});

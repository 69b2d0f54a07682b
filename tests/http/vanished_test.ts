/** Guarantee: what only protects others is a drift when it vanishes from a full picture, until it is back. */
import assert from "node:assert/strict";
import { VANISHED_RULES } from "../../shared/drift/rules/vanished.ts";
import { RULES } from "../../shared/drift/rules/table.ts";
import { gatherCast } from "./cast.ts";

const { call } = await gatherCast();

type Managed = [type: string, name: string, attributes: Record<string, unknown>];

const BUCKET: Managed = ["aws_s3_bucket", "data", { id: "data", bucket: "data" }];
const BLOCK: Managed = ["aws_s3_bucket_public_access_block", "data", { id: "data", bucket: "data" }];
const TRAIL: Managed = ["aws_cloudtrail", "trail", { id: "trail", enable_logging: true }];
const SERVER: Managed = ["aws_instance", "server", { id: "i-1" }];

/** Imports a state of these resources, whose lineage is the test's own. */
async function send(lineage: string, managed: Managed[]) {
  const resources = managed.map(([type, name, attributes]) => ({
    mode: "managed",
    type,
    name,
    provider: 'provider["registry.terraform.io/hashicorp/aws"]',
    instances: [{ attributes: { arn: `arn:aws:test:::${lineage}/${type}/${name}`, ...attributes } }],
  }));
  const { status, body } = await call(
    "user",
    "POST",
    "/v1/resources/import?full=true&allow_mass_delete=true",
    {
      version: 4,
      lineage,
      resources,
    },
  );
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

/** The open drifts of the test's resources. */
async function open(lineage: string) {
  const { body: found } = await call("user", "GET", `/v1/resources?q=${lineage}&per_page=100`);
  const ids = found.data.map(({ id }: { id: number }) => id);
  const { body } = await call("user", "GET", "/v1/drifts?status=detected&per_page=100");
  return body.data.filter(({ resource_id }: { resource_id: number }) => ids.includes(resource_id));
}

Deno.test("a public access block that vanishes is critical, and over when it is back", async () => {
  await send("picture-back", [BUCKET, BLOCK, SERVER]);
  const { deleted, drifted } = await send("picture-back", [BUCKET, SERVER]);
  assert.deepEqual({ deleted, drifted }, { deleted: 1, drifted: 1 });
  const [drift, ...others] = await open("picture-back");
  assert.deepEqual(others, []);
  assert.deepEqual(
    [drift.resource_type, drift.severity, drift.drift_type, drift.baseline_value, drift.current_value],
    ["aws_s3_bucket_public_access_block", "critical", "security", "active", "deleted"],
  );
  assert.equal(drift.summary, "status: Nothing blocks public access any more");
  assert.equal((await send("picture-back", [BUCKET, SERVER])).drifted, 0, "it is told once");
  assert.equal((await open("picture-back")).length, 1, "and stays open");

  await send("picture-back", [BUCKET, BLOCK, SERVER]);
  assert.deepEqual(await open("picture-back"), []);
  const { body } = await call("user", "GET", `/v1/drifts/${drift.id}`);
  assert.deepEqual([body.status, body.resolution], ["resolved", "reverted"]);
});

Deno.test("what goes together with what it protects leaves nothing unprotected", async () => {
  await send("picture-together", [BUCKET, BLOCK, TRAIL]);
  const { deleted, drifted } = await send("picture-together", [TRAIL]);
  assert.deepEqual({ deleted, drifted }, { deleted: 2, drifted: 0 });
  assert.deepEqual(await open("picture-together"), []);
});

const VERSIONING: Managed = ["aws_s3_bucket_versioning", "data", { id: "data", bucket: "data" }];
const ENCRYPTION: Managed = ["aws_s3_bucket_server_side_encryption_configuration", "data", {
  id: "data",
  bucket: "data",
}];
const POLICY: Managed = ["aws_s3_bucket_policy", "data", { id: "data", bucket: "data" }];

Deno.test("protections that vanish together don't excuse each other while what they protect stays", async () => {
  await send("picture-three", [BUCKET, BLOCK, VERSIONING, ENCRYPTION, POLICY]);
  const { deleted, drifted } = await send("picture-three", [BUCKET]);
  assert.deepEqual({ deleted, drifted }, { deleted: 4, drifted: 3 });
  assert.deepEqual(
    (await open("picture-three")).map(({ severity }: { severity: string }) => severity).sort(),
    [
      "critical",
      "critical",
      "high",
    ],
  );
});

const rule = (action: string): Managed => [
  "aws_network_acl_rule",
  action,
  { id: action, network_acl_id: "acl-1", rule_action: action, cidr_block: "0.0.0.0/0" },
];

Deno.test("a deny rule, a key and a web ACL that vanish are drifts; an allow rule is only deleted", async () => {
  const acl: Managed = ["aws_network_acl", "acl", { id: "acl-1" }];
  const key: Managed = ["aws_kms_key", "key", { id: "k", deletion_window_in_days: 30 }];
  const web: Managed = ["aws_wafv2_web_acl", "web", { id: "w" }];
  await send("picture-deny", [acl, SERVER, rule("deny"), rule("allow"), key, web]);
  const { deleted, drifted } = await send("picture-deny", [acl, SERVER]);
  assert.deepEqual({ deleted, drifted }, { deleted: 4, drifted: 3 });
  assert.deepEqual(
    (await open("picture-deny")).map(({ resource_type }: { resource_type: string }) => resource_type).sort(),
    ["aws_kms_key", "aws_network_acl_rule", "aws_wafv2_web_acl"],
  );
});

Deno.test("a deny rule that goes with its ACL leaves nothing open", async () => {
  const acl: Managed = ["aws_network_acl", "acl", { id: "acl-1" }];
  await send("picture-acl", [acl, SERVER, rule("deny")]);
  assert.deepEqual((await send("picture-acl", [SERVER])).drifted, 0);
});

Deno.test("what protects an account is missed by itself; what protects nothing is only deleted", async () => {
  await send("picture-account", [BUCKET, TRAIL, SERVER]);
  const { deleted, drifted } = await send("picture-account", [BUCKET]);
  assert.deepEqual({ deleted, drifted }, { deleted: 2, drifted: 1 });
  const [drift] = await open("picture-account");
  assert.deepEqual([drift.resource_type, drift.severity, drift.drift_type], [
    "aws_cloudtrail",
    "high",
    "compliance",
  ]);
});

Deno.test("every rule has an id of its own, a control and words, and no type stands twice", () => {
  const ids = [...RULES.map(({ id }) => id), ...VANISHED_RULES.map(({ id }) => id)];
  assert.equal(new Set(ids).size, ids.length);
  const types = VANISHED_RULES.flatMap(({ types }) => Object.keys(types));
  assert.equal(new Set(types).size, types.length);
  for (const { control, reason } of VANISHED_RULES) {
    assert.ok(control.any.length > 5);
    assert.doesNotMatch(reason, /\.$/);
  }
});

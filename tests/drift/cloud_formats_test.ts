/** Guarantee: what Pulumi, AWS and Kubernetes print is read in Terraform's types and spelling, without secrets. */
import assert from "node:assert/strict";
import { createKeyedHash, MASK_PREFIX } from "../../shared/drift/keyed_hash.ts";
import { readImport } from "../../shared/drift/read_import.ts";

const hash = createKeyedHash(new TextEncoder().encode("a key of thirty-two bytes or more"));
const read = (document: unknown) => readImport(JSON.stringify(document), hash);
const CANARY = "Canary-7Qx9vTz2";

Deno.test("a Pulumi stack: Terraform's types and spelling, secrets by Pulumi's own marks", () => {
  const { format, snapshots } = read({
    version: 3,
    deployment: {
      manifest: { time: "2026-01-02T03:04:05Z" },
      resources: [
        { urn: "urn:pulumi:prod::app::pulumi:pulumi:Stack::app-prod", type: "pulumi:pulumi:Stack" },
        {
          urn: "urn:pulumi:prod::app::pulumi:providers:aws::default",
          custom: true,
          type: "pulumi:providers:aws",
          id: "x",
        },
        {
          urn: "urn:pulumi:prod::app::aws:rds/instance:Instance::db",
          custom: true,
          id: "db-1",
          type: "aws:rds/instance:Instance",
          modified: "2026-01-02T03:04:05Z",
          outputs: {
            arn: "arn:aws:rds:eu-west-1:1:db:db-1",
            publiclyAccessible: true,
            tags: { TeamName: "x" },
            password: {
              "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
              ciphertext: "v1:x",
            },
            note: {
              "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
              plaintext: CANARY,
            },
          },
        },
        {
          urn: "urn:pulumi:prod::app::gcp:storage/bucket:Bucket::b",
          custom: true,
          id: "b",
          type: "gcp:storage/bucket:Bucket",
          outputs: { name: "b", uniformBucketLevelAccess: false, location: "EU" },
        },
      ],
    },
  });
  assert.equal(format, "pulumi_stack");
  assert.deepEqual(
    snapshots.map(({ resource_type, provider, external_id }) => [resource_type, provider, external_id]),
    [
      ["aws_db_instance", "aws", "arn:aws:rds:eu-west-1:1:db:db-1"],
      ["google_storage_bucket", "google", "google_storage_bucket:b"],
    ],
  );
  const [db] = snapshots;
  assert.equal(db!.configuration!.publicly_accessible, true);
  assert.deepEqual(db!.tags, { TeamName: "x" });
  assert.equal(db!.changed_at, "2026-01-02T03:04:05.000Z");
  assert.match(String(db!.configuration!.password), new RegExp(`^${MASK_PREFIX}`));
  assert.ok(!JSON.stringify(snapshots).includes(CANARY));
});

Deno.test("CloudFormation's drifts: what the template expects, and what is there", () => {
  const group = (cidr: string) =>
    JSON.stringify({
      GroupDescription: "web",
      SecurityGroupIngress: [{ CidrIp: cidr, IpProtocol: "tcp", FromPort: 22, ToPort: 22 }],
      Tags: [{ Key: "Team", Value: "web" }],
    });
  const drift = (more: object) => ({
    StackId: "arn:aws:cloudformation:eu-west-1:123456789012:stack/web/0a1b",
    LogicalResourceId: "Group",
    PhysicalResourceId: "sg-1",
    ResourceType: "AWS::EC2::SecurityGroup",
    ExpectedProperties: group("10.0.0.0/8"),
    ActualProperties: group("0.0.0.0/0"),
    StackResourceDriftStatus: "MODIFIED",
    ...more,
  });
  const { format, snapshots } = read({
    StackResourceDrifts: [
      drift({}),
      drift({
        LogicalResourceId: "Trail",
        PhysicalResourceId: "trail",
        ResourceType: "AWS::CloudTrail::Trail",
        ExpectedProperties: '{"IsLogging":true}',
        ActualProperties: undefined,
        StackResourceDriftStatus: "DELETED",
      }),
      drift({ LogicalResourceId: "Other", StackResourceDriftStatus: "NOT_CHECKED" }),
    ],
  });
  assert.equal(format, "cloudformation_drift");
  const [changed, gone, ...others] = snapshots;
  assert.deepEqual(others, []);
  assert.deepEqual(
    [changed!.resource_type, changed!.external_id, changed!.region, changed!.address, changed!.tags],
    ["aws_security_group", "aws_security_group:sg-1", "eu-west-1", "web/Group", { Team: "web" }],
  );
  const rule = { protocol: "tcp", from_port: 22, to_port: 22 };
  assert.deepEqual(changed!.configuration!.ingress, [{ ...rule, cidr_blocks: ["0.0.0.0/0"] }]);
  assert.deepEqual(changed!.expected!.configuration.ingress, [{ ...rule, cidr_blocks: ["10.0.0.0/8"] }]);
  assert.deepEqual([gone!.resource_type, gone!.is_deleted], ["aws_cloudtrail", true]);
  assert.throws(
    () => read({ StackResourceDrifts: [drift({ ActualProperties: "{" })] }),
    /ActualProperties is not JSON/,
  );
});

Deno.test("AWS Config: the newest item of each resource, with what supplements it", () => {
  const item = (more: object) => ({
    resourceType: "AWS::S3::Bucket",
    resourceId: "logs",
    resourceName: "logs",
    ARN: "arn:aws:s3:::logs",
    awsRegion: "eu-west-1",
    configurationItemStatus: "OK",
    configurationItemCaptureTime: "2026-01-01T00:00:00Z",
    tags: { team: "x" },
    configuration: { name: "logs" },
    ...more,
  });
  const { format, snapshots } = read({
    fileVersion: "1.0",
    configSnapshotId: "x",
    configurationItems: [
      item({
        configurationItemCaptureTime: "2026-01-02T00:00:00Z",
        supplementaryConfiguration: { PublicAccessBlockConfiguration: '{"blockPublicAcls":true}' },
      }),
      item({}),
      item({
        resourceType: "AWS::EC2::VPC",
        resourceId: "vpc-1",
        ARN: undefined,
        configurationItemStatus: "ResourceDeleted",
      }),
      item({ resourceId: "z", configurationItemStatus: "ResourceNotRecorded" }),
    ],
  });
  assert.equal(format, "aws_config");
  assert.deepEqual(snapshots.map(({ external_id, is_deleted }) => [external_id, is_deleted]), [
    ["arn:aws:s3:::logs", undefined],
    ["aws_vpc:vpc-1", true],
  ]);
  assert.deepEqual(snapshots[0]!.configuration!.public_access_block_configuration, {
    block_public_acls: true,
  });
  assert.equal(snapshots[0]!.region, "eu-west-1");
  const printed = read({
    configurationItems: [{ ...item({}), configuration: '{"name":"logs"}', arn: "arn:x:y" }],
  });
  assert.equal(printed.snapshots[0]!.configuration!.name, "logs");
});

Deno.test("kubectl: manifests, who wrote them last, secrets hashed, controllers' own objects left out", () => {
  const meta = (name: string, more: object = {}) => ({ name, namespace: "web", uid: `uid-${name}`, ...more });
  const list = {
    apiVersion: "v1",
    kind: "List",
    items: [
      {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: meta("app", {
          resourceVersion: "1",
          labels: { app: "x" },
          annotations: {
            "kubectl.kubernetes.io/last-applied-configuration": `{"x":"${CANARY}"}`,
            keep: "yes",
          },
          managedFields: [
            { manager: "argocd", time: "2026-01-01T00:00:00Z" },
            { manager: "kubectl-edit", time: "2026-01-02T00:00:00Z" },
            { manager: "controller", subresource: "status", time: "2026-01-03T00:00:00Z" },
          ],
        }),
        spec: { template: { spec: { hostNetwork: true } } },
        status: { replicas: 1 },
      },
      { apiVersion: "v1", kind: "Secret", metadata: meta("s"), type: "Opaque", data: { user: btoa(CANARY) } },
      { apiVersion: "v1", kind: "Pod", metadata: meta("p", { ownerReferences: [{ kind: "ReplicaSet" }] }) },
    ],
  };
  const { format, snapshots } = read(list);
  assert.equal(format, "kubernetes");
  const [app, secret, ...others] = snapshots;
  assert.deepEqual(others, []);
  assert.deepEqual(
    [app!.resource_type, app!.external_id, app!.name, app!.changed_by, app!.tags],
    ["kubernetes_deployment", "kubernetes_deployment:Deployment/web/app@uid-app", "app", "kubectl-edit", {
      app: "x",
    }],
  );
  assert.deepEqual(Object.keys(app!.configuration!), ["apiVersion", "kind", "spec", "metadata"]);
  assert.match(String(secret!.configuration!.data), new RegExp(`^${MASK_PREFIX}`));
  assert.ok(!JSON.stringify(snapshots).includes(CANARY) && !JSON.stringify(snapshots).includes(btoa(CANARY)));
  assert.equal(read(list.items[0]).snapshots.length, 1, "one object alone");
});

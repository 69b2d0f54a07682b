/** Guarantee: both Terraform formats give every managed resource, named and placed, its secrets masked. */
import assert from "node:assert/strict";
import { createKeyedHash, MASK_PREFIX } from "../../shared/drift/keyed_hash.ts";
import { readImport } from "../../shared/drift/read_import.ts";

const hash = createKeyedHash(new TextEncoder().encode("a key of thirty-two bytes or more"));
const fixture = (name: string) => Deno.readTextFile(new URL(`fixtures/${name}`, import.meta.url));

/** A raw state with one resource. */
function state(type: string, attributes: unknown, more: Record<string, unknown> = {}) {
  return JSON.stringify({
    version: 4,
    lineage: "11111111-2222-3333-4444-555555555555",
    resources: [{
      mode: "managed",
      type,
      name: "it",
      provider: `provider["registry.terraform.io/hashicorp/${type.split("_")[0]}"]`,
      instances: [{ attributes, ...more }],
    }],
  });
}

Deno.test("terraform: a state made by Terraform itself reads the same in both formats", async () => {
  const raw = readImport(await fixture("terraform_1_11.tfstate"), hash);
  const show = readImport(await fixture("terraform_1_11_show.json"), hash);
  assert.equal(raw.format, "terraform_state");
  assert.equal(show.format, "terraform_show");
  assert.equal(raw.lineage, "4230fe61-56ae-40f1-cd64-82c4d0723c12");
  assert.equal(show.lineage, null);
  const byId = (a: { external_id: string }, b: { external_id: string }) =>
    a.external_id < b.external_id ? -1 : 1;
  assert.deepEqual(raw.snapshots.toSorted(byId), show.snapshots.toSorted(byId));
  assert.deepEqual(raw.snapshots.map(({ name }) => name), [
    "terraform_data.plain",
    "terraform_data.secret[0]",
    "terraform_data.secret[1]",
    'module.child["one"].terraform_data.inner',
    'module.child["two"].terraform_data.inner',
  ]);
});

Deno.test("terraform: marked values are hashed, per resource, and never kept", async () => {
  const { snapshots } = readImport(await fixture("terraform_1_11.tfstate"), hash);
  const inputs = snapshots.slice(1, 3).map(({ configuration }) =>
    configuration!.input as { user: string; password: string; nested: { k: string }[] }
  );
  for (const input of inputs) {
    assert.equal(input.user, "u");
    assert.match(input.password, new RegExp(`^${MASK_PREFIX}[0-9a-f]{32}$`));
    assert.match(input.nested[0]!.k, new RegExp(`^${MASK_PREFIX}[0-9a-f]{32}$`));
  }
  assert.notEqual(inputs[0]!.password, inputs[1]!.password, "equal secrets of two resources look different");
  // Terraform marks `input` and leaves its copy in `output` unmarked.
  assert.doesNotMatch(JSON.stringify(snapshots), /hunter2/);
});

Deno.test("terraform: a changed secret shows, an unchanged one doesn't, another key hides both", () => {
  const read = (password: string, withHash = hash) =>
    readImport(state("aws_db_instance", { id: "db", password }), withHash).snapshots[0]!
      .configuration!
      .password;
  assert.equal(read("one"), read("one"));
  assert.notEqual(read("one"), read("two"));
  const other = createKeyedHash(new TextEncoder().encode("another key of thirty-two bytes!"));
  assert.notEqual(read("one"), read("one", other));
});

Deno.test("terraform: every kind of value can be marked, and a whole block", () => {
  const show = JSON.stringify({
    format_version: "1.2",
    values: {
      root_module: {
        resources: [{
          address: "x_y.z",
          mode: "managed",
          type: "x_y",
          name: "z",
          provider_name: "example.com/x/x",
          values: { flag: true, count: 3, block: [{ a: "secret-a" }], open: "plain", nothing: null },
          sensitive_values: { flag: true, count: true, block: true, nothing: true },
        }],
      },
    },
  });
  const { configuration } = readImport(show, hash).snapshots[0]!;
  for (const name of ["flag", "count", "block"]) assert.match(String(configuration![name]), /^sensitive:/);
  assert.equal(configuration!.open, "plain");
  assert.equal(configuration!.nothing, null);
});

const FIELDS: [type: string, attributes: Record<string, unknown>, expected: Record<string, unknown>][] = [
  ["aws_s3_bucket", {
    id: "logs",
    arn: "arn:aws:s3:::logs",
    bucket: "logs",
    region: "eu-west-1",
    tags: { a: "b" },
  }, {
    external_id: "arn:aws:s3:::logs",
    name: "logs",
    provider: "aws",
    region: "eu-west-1",
    tags: { a: "b" },
    status: "active",
  }],
  ["aws_s3_bucket_public_access_block", { id: "logs", bucket: "logs" }, {
    external_id: "aws_s3_bucket_public_access_block:logs",
    name: "logs",
    region: null,
  }],
  ["aws_instance", {
    id: "i-1",
    arn: "arn:aws:ec2:us-east-1:123456789012:instance/i-1",
    availability_zone: "us-east-1a",
    instance_state: "stopped",
    tags: { Name: "web" },
    tags_all: { Name: "web", team: "x" },
  }, {
    external_id: "arn:aws:ec2:us-east-1:123456789012:instance/i-1",
    name: "web",
    region: "us-east-1",
    status: "stopped",
    tags: { Name: "web", team: "x" },
  }],
  ["aws_sqs_queue", { id: "https://q", arn: "arn:aws:sqs:eu-central-1:1:q", name: "q" }, {
    region: "eu-central-1",
  }],
  ["aws_sns_topic_policy", { id: "arn:aws:sns:us-east-1:1:t", arn: "arn:aws:sns:us-east-1:1:t" }, {
    external_id: "aws_sns_topic_policy:arn:aws:sns:us-east-1:1:t",
  }],
  ["aws_iam_policy", { id: "arn:aws:iam::1:policy/p", arn: "arn:aws:iam::1:policy/p", name: "p" }, {
    external_id: "arn:aws:iam::1:policy/p",
    region: null,
  }],
  ["aws_autoscaling_group", {
    id: "g",
    name: "g",
    tag: [{ key: "team", value: "x", propagate_at_launch: true }],
  }, {
    tags: { team: "x" },
  }],
  ["google_compute_instance", {
    id: "projects/p/zones/europe-west1-b/instances/vm",
    name: "vm",
    zone: "europe-west1-b",
    current_status: "TERMINATED",
    labels: { a: "1" },
    effective_labels: { a: "1", managed: "yes" },
  }, {
    external_id: "projects/p/zones/europe-west1-b/instances/vm",
    region: "europe-west1",
    status: "stopped",
    tags: { a: "1", managed: "yes" },
  }],
  ["google_storage_bucket", { id: "b", name: "b", location: "EU" }, {
    external_id: "google_storage_bucket:b",
    region: "eu",
  }],
  ["azurerm_storage_account", {
    id: "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a",
    name: "a",
    location: "westeurope",
    tags: { env: "prod" },
  }, {
    external_id: "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a",
    region: "westeurope",
    tags: { env: "prod" },
  }],
  ["kubernetes_deployment", {
    id: "shop/api",
    metadata: [{ name: "api", namespace: "shop", uid: "u-1", labels: { app: "api" } }],
  }, { external_id: "kubernetes_deployment:shop/api@u-1", name: "api", region: null, tags: { app: "api" } }],
  ["digitalocean_droplet", { id: "123", name: "d", region: "ams3" }, {
    external_id: "digitalocean_droplet:123",
    provider: "digitalocean",
    region: "ams3",
  }],
];

for (const [type, attributes, expected] of FIELDS) {
  Deno.test(`terraform: ${type} has its identity, name, region and tags`, () => {
    const { snapshots } = readImport(state(type, attributes), hash);
    for (const [name, value] of Object.entries(expected)) {
      assert.deepEqual(snapshots[0]![name as keyof typeof snapshots[0]], value, name);
    }
  });
}

Deno.test("terraform: data sources and deposed objects are left out", () => {
  const resources = [
    {
      mode: "data",
      type: "aws_ami",
      name: "x",
      provider: 'provider["registry.terraform.io/hashicorp/aws"]',
      instances: [{ attributes: { id: "a" } }],
    },
    {
      mode: "managed",
      type: "aws_instance",
      name: "x",
      provider: "provider.aws",
      instances: [{ attributes: { id: "i-1" } }, { deposed: "00000001", attributes: { id: "i-0" } }],
    },
  ];
  const { snapshots } = readImport(JSON.stringify({ version: 4, resources }), hash);
  assert.deepEqual(snapshots.map(({ external_id, provider }) => [external_id, provider]), [[
    "aws_instance:i-1",
    "aws",
  ]]);
});

Deno.test("terraform: two resources with one identity stay two", () => {
  const resources = ["aws_thing", "aws_thing_part"].map((type) => ({
    mode: "managed",
    type,
    name: "it",
    provider: "provider.aws",
    instances: [{ attributes: { arn: "arn:aws:x:::y" } }],
  }));
  const { snapshots } = readImport(JSON.stringify({ version: 4, resources }), hash);
  assert.deepEqual(snapshots.map(({ external_id }) => external_id), [
    "arn:aws:x:::y",
    "arn:aws:x:::y (aws_thing_part.it)",
  ]);
});

Deno.test("terraform: a state without resources is an empty picture", () => {
  assert.deepEqual(readImport('{"format_version":"1.0"}', hash).snapshots, []);
  assert.deepEqual(readImport('{"version":4,"lineage":"l","resources":[]}', hash).snapshots, []);
});

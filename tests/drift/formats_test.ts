/** Guarantee: every format is told by its shape, read whole, and refused in words of its own. */
import assert from "node:assert/strict";
import { InputError } from "../../shared/drift/input_error.ts";
import { createKeyedHash } from "../../shared/drift/keyed_hash.ts";
import { readImport } from "../../shared/drift/read_import.ts";
import { decodeText } from "../../shared/drift/text_encoding.ts";

const hash = createKeyedHash(new TextEncoder().encode("a key of thirty-two bytes or more"));
const read = (document: unknown) => readImport(JSON.stringify(document), hash);
const CANARY = "Canary-7Qx9vTz2";
const aws = "registry.terraform.io/hashicorp/aws";

const shown = (address: string, values: object, more: object = {}) => ({
  address,
  mode: "managed",
  type: address.split(".").at(-2)!,
  name: address.split(".").at(-1)!,
  provider_name: aws,
  values,
  ...more,
});

Deno.test("a refresh-only plan: the state as it was found, and how it should be", () => {
  const block = (on: boolean) => ({ id: "logs", bucket: "logs", block_public_acls: on, password: CANARY });
  const { format, snapshots } = read({
    format_version: "1.2",
    planned_values: {},
    prior_state: {
      format_version: "1.0",
      values: {
        root_module: {
          resources: [
            shown("aws_s3_bucket.logs", { id: "logs", arn: "arn:aws:s3:::logs", bucket: "logs" }),
            shown("aws_s3_bucket_public_access_block.logs", block(false)),
          ],
        },
      },
    },
    resource_drift: [
      {
        ...shown("aws_s3_bucket_public_access_block.logs", {}),
        change: {
          actions: ["update"],
          before: block(true),
          after: block(false),
          before_sensitive: {},
          after_sensitive: {},
        },
      },
      {
        ...shown("module.trail.aws_cloudtrail.main", {}),
        change: { actions: ["delete"], before: { id: "trail", name: "trail" }, after: null },
      },
      {
        ...shown("data.aws_x.y", {}, { mode: "data" }),
        change: { actions: ["update"], before: {}, after: {} },
      },
    ],
  });
  assert.equal(format, "terraform_plan");
  assert.deepEqual(
    snapshots.map(({ external_id, address, is_deleted }) => [external_id, address, is_deleted]),
    [
      ["arn:aws:s3:::logs", "aws_s3_bucket.logs", undefined],
      ["aws_s3_bucket_public_access_block:logs", "aws_s3_bucket_public_access_block.logs", undefined],
      ["aws_cloudtrail:trail", "module.trail.aws_cloudtrail.main", true],
    ],
  );
  assert.equal(snapshots[1]!.configuration!.block_public_acls, false);
  assert.equal(snapshots[1]!.expected!.configuration.block_public_acls, true);
  assert.equal(snapshots[0]!.expected, undefined);
  assert.ok(!JSON.stringify(snapshots).includes(CANARY));
});

Deno.test("a plan's log names what drifted", () => {
  const lines = [
    { "@level": "info", "@message": "Terraform 1.9.0", type: "version", terraform: "1.9.0", ui: "1.2" },
    {
      "@level": "info",
      "@message": "aws_s3_bucket.logs: Drift detected (update)",
      type: "resource_drift",
      change: {
        resource: { addr: "aws_s3_bucket.logs", resource_type: "aws_s3_bucket", resource_name: "logs" },
        action: "update",
      },
    },
    { "@level": "info", "@message": "Plan: 0 to add", type: "change_summary", changes: { add: 0 } },
  ];
  const text = (items: object[]) => items.map((line) => JSON.stringify(line)).join("\n") + "\n";
  const { format, reported, snapshots } = readImport(text(lines), hash);
  assert.equal(format, "terraform_log");
  assert.deepEqual(snapshots, []);
  assert.deepEqual(reported, [{ address: "aws_s3_bucket.logs", type: "aws_s3_bucket", action: "update" }]);
  assert.throws(() => readImport(text(lines.slice(0, 2)), hash), /without its end/);
  const failed = { "@level": "error", "@message": "Error: x", type: "diagnostic", diagnostic: {} };
  assert.throws(() => readImport(text([...lines, failed]), hash), /the plan failed/);
});

Deno.test("who changed it is read where values or an event say so", () => {
  const author = (values: object) => {
    const { snapshots } = read({
      format_version: "1.0",
      values: { root_module: { resources: [shown("aws_x.y", { id: "1", ...values })] } },
    });
    return [snapshots[0]!.changed_by, snapshots[0]!.changed_at];
  };
  assert.deepEqual(
    author({ last_modified_by: "ann@example.com", last_modified_date: "2026-01-02T03:04:05Z" }),
    [
      "ann@example.com",
      "2026-01-02T03:04:05.000Z",
    ],
  );
  assert.deepEqual(author({ system_data: [{ lastModifiedBy: "bob" }] }), ["bob", undefined]);
  assert.deepEqual(
    author({
      last_event: { userIdentity: { arn: "arn:aws:iam::1:user/eve" }, eventTime: "2026-01-02T00:00:00Z" },
    }),
    ["arn:aws:iam::1:user/eve", "2026-01-02T00:00:00.000Z"],
  );
  assert.deepEqual(author({ updated_at: "soon" }), [undefined, undefined]);
});

const REFUSED: [name: string, document: unknown, path: string, words: RegExp][] = [
  [
    "OpenTofu, encrypted",
    { serial: 1, lineage: "x", encrypted_data: "e", encryption_version: "v0" },
    "encrypted_data",
    /tofu show -json/,
  ],
  ["Terraform 0.11", { version: 3, modules: [] }, "version", /terraform state pull/],
  [
    "a CloudFormation template",
    { AWSTemplateFormatVersion: "2010-09-09", Resources: {} },
    "Resources",
    /describe-stack-resource-drifts/,
  ],
  [
    "whether a stack drifted",
    { StackDriftDetectionId: "x", StackDriftStatus: "DRIFTED" },
    "body",
    /describe-stack-resource-drifts/,
  ],
  [
    "Pulumi's own checkpoint",
    { version: 3, checkpoint: { latest: {} } },
    "checkpoint",
    /pulumi stack export/,
  ],
  [
    "provider schemas",
    { format_version: "1.0", provider_schemas: {} },
    "provider_schemas",
    /terraform show -json/,
  ],
  ["anything else", { a: 1 }, "body", /Terraform or OpenTofu state or plan/],
];

for (const [name, document, path, words] of REFUSED) {
  Deno.test(`refused with what to send: ${name}`, () => {
    assert.throws(() => read(document), (error) => {
      assert.ok(error instanceof InputError, String(error));
      assert.equal(error.issues[0]!.path, path);
      assert.match(error.issues[0]!.message, words);
      return true;
    });
  });
}

Deno.test("files as shells write them: byte order marks and UTF-16", () => {
  const text = '[{"a":"ü€😀"}]';
  const utf16 = (littleEndian: boolean, mark: boolean) => {
    const units = mark ? "\ufeff" + text : text;
    const view = new DataView(new ArrayBuffer(units.length * 2));
    for (let i = 0; i < units.length; i++) view.setUint16(i * 2, units.charCodeAt(i), littleEndian);
    return new Uint8Array(view.buffer);
  };
  for (const little of [true, false]) {
    for (const mark of [true, false]) assert.equal(decodeText(utf16(little, mark)), text);
  }
  assert.equal(decodeText(new TextEncoder().encode("\ufeff" + text)), text);
  assert.equal(decodeText(new TextEncoder().encode(text)), text);
  assert.throws(() => decodeText(new Uint8Array([0x7b, 0xff])), /is not valid UTF-8/);
});

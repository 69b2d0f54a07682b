/** Guarantee: an import that is wrong is refused whole, and the refusal names the place. */
import assert from "node:assert/strict";
import { InputError } from "../../shared/drift/input_error.ts";
import { createKeyedHash } from "../../shared/drift/keyed_hash.ts";
import { readImport } from "../../shared/drift/read_import.ts";

const hash = createKeyedHash(new Uint8Array(32));
const provider = 'provider["registry.terraform.io/hashicorp/aws"]';
const resource = (attributes: unknown, more: object = {}) => ({
  mode: "managed",
  type: "aws_x",
  name: "it",
  provider,
  instances: [{ attributes }],
  ...more,
});
const state = (...resources: unknown[]) => JSON.stringify({ version: 4, lineage: "l", resources });
const show = (...resources: unknown[]) =>
  JSON.stringify({ format_version: "1.0", values: { root_module: { resources } } });
const shown = (values: unknown, more: object = {}) => ({
  address: "aws_x.it",
  mode: "managed",
  type: "aws_x",
  name: "it",
  provider_name: "registry.terraform.io/hashicorp/aws",
  values,
  ...more,
});
const snapshot = { external_id: "a", name: "a", resource_type: "t", provider: "aws" };
const deep = (levels: number) => {
  let value: unknown = 1;
  for (let i = 0; i < levels; i++) value = { d: value };
  return value;
};
const wide = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`a${i}`, i]));

const ROWS: [name: string, text: string, path: string | RegExp, message: RegExp][] = [
  ["nothing", "", "body", /empty/],
  ["not JSON", "resource aws {}", "body", /^is not JSON$/],
  ["a comma too many", `[\n${" ".repeat(100)}{"a":1,}]`, "body", /is not JSON: line 2, column 108/],
  ["truncated state", state(resource({ a: 1 })).slice(0, 60), "body", /truncated/],
  ["a number", "42", "body", /array of snapshots or a Terraform state/],
  ["another object", '{"a":1}', "body", /neither/],
  ["state version 3", '{"version":3,"modules":[]}', "version", /must be 4/],
  ["state version 5", '{"version":5}', "version", /must be 4/],
  ["format version 2", '{"format_version":"2.0","values":{}}', "format_version", /1\.x/],
  ["format version as a number", '{"format_version":1.0}', "format_version", /1\.x/],
  ["a plan of another version", '{"format_version":"2.0","planned_values":{}}', "format_version", /1\.x/],
  ["a plan's drift", '{"format_version":"1.2","resource_drift":[1]}', "resource_drift[0]", /object/],
  ["encrypted state", '{"version":4,"encrypted_data":"x"}', "encrypted_data", /encrypted/],
  ["resources as an object", '{"version":4,"resources":{}}', "resources", /list/],
  ["a resource as text", state("x"), "resources[0]", /object/],
  ["no type", state(resource({}, { type: undefined })), "resources[0].type", /text/],
  ["no provider", state(resource({}, { provider: "" })), "resources[0].provider", /text/],
  ["attributes as a list", state(resource([])), "resources[0].instances[0].attributes", /object/],
  [
    "nesting of 100, state",
    state(resource({ a: 1 }), resource({ x: deep(100) }, { name: "b" })),
    /^resources\[1\]\.instances\[0\]\.attributes\.x\.d\.d/,
    /deeper than 64/,
  ],
  [
    "nesting of 100, show",
    show(shown({ x: deep(100) })),
    /^values\.root_module\.resources\[0\]\.values\.x\.d/,
    /deeper than 64/,
  ],
  [
    "nesting of 100, snapshots",
    JSON.stringify([{ ...snapshot, configuration: { x: deep(100) } }]),
    /^\[0\]\.configuration\.x\.d/,
    /deeper than 64/,
  ],
  ["nesting of 100,000", "[".repeat(100_000), "body", /deeper|too early/],
  [
    "50,000 attributes, state",
    state(resource(wide(50_000))),
    "resources[0].instances[0].attributes",
    /20000 values/,
  ],
  [
    "50,000 attributes, show",
    show(shown(wide(50_000))),
    "values.root_module.resources[0].values",
    /20000 values/,
  ],
  [
    "50,000 attributes, snapshots",
    JSON.stringify([{ ...snapshot, configuration: wide(50_000) }]),
    "[0].configuration",
    /20000 values/,
  ],
  [
    "an address twice",
    state(resource({}), resource({})),
    "resources[1].instances[0].attributes",
    /repeats the address aws_x\.it of resources\[0\]/,
  ],
  [
    "an index twice",
    state(resource({}, { instances: [{ index_key: 0, attributes: {} }, { index_key: 0, attributes: {} }] })),
    "resources[0].instances[1].attributes",
    /aws_x\.it\[0\]/,
  ],
  ["an address twice, show", show(shown({}), shown({})), "values.root_module.resources[1].values", /repeats/],
  [
    "an external id twice",
    JSON.stringify([snapshot, snapshot]),
    "[1].external_id",
    /repeats the external_id of \[0\]/,
  ],
  [
    "NUL in a value",
    state(resource({ a: { b: ["x\u0000"] } })),
    "resources[0].instances[0].attributes.a.b[0]",
    /NUL/,
  ],
  [
    "NUL in a name",
    state(resource({ a: { "b\u0000": 1 } })),
    "resources[0].instances[0].attributes.a",
    /names with NUL/,
  ],
  [
    "lone surrogate",
    '[{"external_id":"a","name":"a","resource_type":"t","provider":"p","configuration":{"x":"\\ud800"}}]',
    "[0].configuration.x",
    /surrogate/,
  ],
  ["NUL in a snapshot's name", JSON.stringify([{ ...snapshot, name: "a\u0000" }]), "[0].name", /NUL/],
  ["unknown member", JSON.stringify([{ ...snapshot, secret: 1 }]), "[0]", /secret/],
  ["missing members", JSON.stringify([snapshot, {}]), "[1].external_id", /string/],
  ["wrong status", JSON.stringify([{ ...snapshot, status: "gone" }]), "[0].status", /active/],
  [
    "5,001 snapshots",
    JSON.stringify(Array.from({ length: 5_001 }, (_, i) => ({ ...snapshot, external_id: `${i}` }))),
    "[5000]",
    /5000/,
  ],
  [
    "5,001 resources",
    state(...Array.from({ length: 5_001 }, (_, i) => resource({}, { name: `n${i}` }))),
    "resources[5000].instances[0].attributes",
    /5000/,
  ],
];

for (const [name, text, path, message] of ROWS) {
  Deno.test(`import: refused: ${name}`, () => {
    assert.throws(() => readImport(text, hash), (error) => {
      assert.ok(error instanceof InputError, String(error));
      const issue = error.issues[0]!;
      if (typeof path === "string") assert.equal(issue.path, path);
      else assert.match(issue.path, path);
      assert.match(issue.message, message);
      assert.ok(issue.path.length <= 301 && issue.path.isWellFormed());
      return true;
    });
  });
}

Deno.test("import: several wrong snapshots are all named, at most twenty", () => {
  const items = Array.from({ length: 100 }, () => ({ ...snapshot, status: "gone" }));
  assert.throws(() => readImport(JSON.stringify(items), hash), (error) => {
    assert.ok(error instanceof InputError);
    assert.equal(error.issues.length, 20);
    return true;
  });
});

Deno.test("import: 5,000 snapshots, a byte order mark and known secrets are accepted", () => {
  const items = Array.from({ length: 5_000 }, (_, i) => ({
    ...snapshot,
    external_id: `${i}`,
    configuration: { password: "hunter2", size: 1 },
  }));
  const read = readImport(`\ufeff${JSON.stringify(items)}`, hash);
  assert.equal(read.snapshots.length, 5_000);
  assert.doesNotMatch(JSON.stringify(read.snapshots), /hunter2/);
});

Deno.test("import: a key that is too short is no key", () => {
  assert.throws(() => createKeyedHash(new Uint8Array(8)), RangeError);
});

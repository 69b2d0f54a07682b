/** Guarantee: what is answered stays in proportion to what was sent, and no comparison multiplies its parts. */
import assert from "node:assert/strict";
import { comparable, detectDrifts } from "../../shared/drift/detect.ts";
import { FURTHER_FIELDS } from "../../shared/drift/drift_limit.ts";
import { fixOf } from "../../shared/drift/fix.ts";
import type { Json, JsonRecord } from "../../shared/drift/json.ts";
import { isCut, listedValue, MAX_VALUE_LENGTH } from "../../shared/drift/value_cut.ts";
import { valueDiff } from "../../shared/drift/value_diff.ts";

const list = <Value>(n: number, make: (index: number) => Value) =>
  Array.from({ length: n }, (_, index) => make(index));
const fields = (n: number, value: Json): JsonRecord =>
  Object.fromEntries(list(n, (index) => [`f${index}`, value]));
const drifts = (type: string, before: JsonRecord, after: JsonRecord) =>
  detectDrifts(type, { configuration: before }, { configuration: after });
const lengthOf = (value: unknown) => JSON.stringify(value).length;

const grants = (n: number, verb: string, condition?: Json): JsonRecord => ({
  policy: JSON.stringify({
    Statement: [{
      Effect: "Allow",
      Action: list(n, (i) => `s3:${verb}${i}`),
      Resource: list(n, (i) => `arn:aws:s3:::bucket-${i}`),
      ...condition === undefined ? {} : { Condition: { StringEquals: { "aws:x": condition } } },
    }],
  }),
});

Deno.test("bounded: 25 million grants are compared without being spelled out", () => {
  const [drift] = drifts("aws_iam_policy", grants(5_000, "Get"), grants(5_000, "Put"));
  assert.equal(drift!.severity, "medium");
  assert.equal(drift!.reason, "The policy grants more than before");
});

Deno.test("bounded: a long condition is not repeated for each grant", () => {
  const [drift] = drifts(
    "aws_iam_policy",
    grants(5_000, "Get", "x".repeat(10_000)),
    grants(5_000, "Put", "x".repeat(10_000)),
  );
  assert.equal(drift!.severity, "medium");
  assert.ok(lengthOf(drift) < 3 * MAX_VALUE_LENGTH);
});

Deno.test("bounded: names that overlap in too many ways are told of, not compared for ever", () => {
  const wildcards = (letter: string): JsonRecord => ({
    policy: JSON.stringify({
      Statement: [{ Effect: "Allow", Action: list(5_000, (i) => `s3:*${letter}${i}*b`), Resource: "*" }],
    }),
  });
  const [drift] = drifts("aws_iam_policy", wildcards("a"), wildcards("c"));
  assert.equal(drift!.severity, "high");
  assert.match(drift!.reason, /overlap in too many ways/);
});

Deno.test("bounded: a rule's words are not repeated for each of its addresses", () => {
  const group = (first: number): JsonRecord => ({
    ingress: [{
      protocol: "tcp",
      from_port: 443,
      to_port: 443,
      description: "w".repeat(20_000),
      cidr_blocks: list(9_000, (i) => `10.${(i + first) >> 8 & 255}.${(i + first) & 255}.0/24`),
    }],
  });
  const form = comparable("aws_security_group", { configuration: group(0) });
  assert.ok(lengthOf(form) < 2 * lengthOf(group(0)), `${lengthOf(form)}`);
  assert.ok(lengthOf(drifts("aws_security_group", group(0), group(1))) < 4 * MAX_VALUE_LENGTH);
});

const SIZES: [name: string, type: string, before: JsonRecord, after: JsonRecord][] = [
  ["fields", "unknown", fields(20_000, 1), fields(20_000, 2)],
  ["tags", "aws_instance", { tags: fields(20_000, "a") }, { tags: fields(20_000, "b") }],
  ["entries of an unknown list", "unknown", { x: list(10_000, (i) => i) }, {
    x: list(10_000, (i) => 9_999 - i),
  }],
  [
    "keyed entries",
    "unknown",
    { env: list(6_500, (i) => ({ name: `n${i}`, value: 1 })) },
    { env: list(6_500, (i) => ({ name: `n${i}`, value: 2 })) },
  ],
  ["a long text", "unknown", { text: "a".repeat(1_000_000) }, { text: "b".repeat(1_000_000) }],
  [
    "a long name",
    "unknown",
    { ["n".repeat(100_000)]: fields(1_000, 1) },
    { ["n".repeat(100_000)]: fields(1_000, 2) },
  ],
  ["many small fields in a small resource", "unknown", fields(200, 1), fields(200, 2)],
];

for (const [name, type, before, after] of SIZES) {
  Deno.test(`bounded: drifts take no more than the resource, and a little: ${name}`, () => {
    const found = drifts(type, before, after);
    const allowed = lengthOf(before) + lengthOf(after) + 3 * MAX_VALUE_LENGTH;
    assert.ok(found.length > 0 && lengthOf(found) <= allowed, `${lengthOf(found)} of ${allowed}`);
    for (const { field_path, baseline_value, current_value } of found) {
      assert.ok(field_path.length <= 512);
      for (const value of [baseline_value, current_value]) assert.ok(lengthOf(value) <= MAX_VALUE_LENGTH);
      assert.ok(lengthOf(valueDiff(field_path, baseline_value, current_value)) < 200_000);
    }
    assert.deepEqual(drifts(type, before, structuredClone(before)), []);
  });
}

Deno.test("bounded: an ordered list that was written anew is one field, a few of its elements are fields", () => {
  const paths = (changed: number) =>
    drifts("unknown", { x: list(1_000, (i) => i) }, { x: list(1_000, (i) => i < changed ? -i - 1 : i) })
      .map(({ field_path }) => field_path);
  assert.deepEqual(paths(1_000), ["x"]);
  assert.deepEqual(paths(2), ["x[0]", "x[1]"]);
});

Deno.test("bounded: what is summed up keeps the worst in sight", () => {
  const found = drifts(
    "aws_s3_bucket",
    { ...fields(300, "a"), acl: "private", tags: fields(300, "a") },
    { ...fields(300, "b"), acl: "public-read", tags: fields(300, "b") },
  );
  const [further, ...others] = found;
  assert.equal(further!.field_path, FURTHER_FIELDS);
  assert.ok(others.some(({ field_path, severity }) => field_path === "acl" && severity === "critical"));
  assert.equal(new Set(found.map(({ field_path }) => field_path)).size, found.length);
});

Deno.test("bounded: what is summed up is told field by field, and how many are left", () => {
  const [further] = drifts("unknown", fields(300, "a"), fields(300, "b"));
  const entries = valueDiff(further!.field_path, further!.baseline_value, further!.current_value);
  const { fields: count } = further!.current_value as { fields: number };
  assert.deepEqual(entries[0], { path: `${FURTHER_FIELDS}[]`, before: null, after: entries[0]!.after });
  assert.match(String(entries[0]!.after), /^field_\d+$|^f\d+$/);
  assert.equal(entries.at(-1)!.after, `(${count - 20} more)`);
  assert.match(fixOf(further!), /fields that it names/);
  const [text] = drifts("unknown", { text: "a".repeat(50_000) }, { text: "b".repeat(50_000) });
  const [entry] = valueDiff("text", text!.baseline_value, text!.current_value);
  assert.match(String(entry!.after), /^b{1000}… \(50002 characters in all, SHA-256 [0-9a-f]{12}…\)$/);
});

Deno.test("bounded: in a list a value is short, and the same one is cut alike", () => {
  const long = list(1_000, (i) => i);
  const cut = listedValue(long);
  assert.ok(isCut(cut) && lengthOf(cut) < 1_000 && cut.length === JSON.stringify(long).length);
  assert.deepEqual(listedValue(structuredClone(long)), cut);
  assert.deepEqual(listedValue([1, 2]), [1, 2]);
  const [text] = drifts("unknown", { text: "a".repeat(50_000) }, { text: "b".repeat(50_000) });
  assert.ok(lengthOf(listedValue(text!.current_value)) <= 2 * 1024);
});

Deno.test("bounded: a field that was not judged is never called harmless", () => {
  const before = fields(5_000, 1);
  const after = { ...fields(5_000, 2), zzz_publicly_accessible: true };
  const [further] = drifts("unknown", before, after);
  assert.equal(further!.field_path, FURTHER_FIELDS);
  assert.equal(further!.severity, "high");
});

Deno.test("bounded: of a set that is too long to keep, what came and went is kept", () => {
  const rules = (extra: string): JsonRecord => ({
    ingress: [...list(400, (i) => `10.0.${i >> 8}.${i & 255}/32`), extra].map((cidr) => ({
      protocol: "tcp",
      from_port: 443,
      to_port: 443,
      description: `the rule that lets ${cidr} in`,
      cidr_blocks: [cidr],
    })),
  });
  const [drift] = drifts("aws_security_group", rules("10.9.9.9/32"), rules("0.0.0.0/0"));
  const { baseline_value, current_value } = drift!;
  assert.ok(isCut(baseline_value) && isCut(current_value));
  assert.ok(current_value.length > MAX_VALUE_LENGTH);
  assert.match(current_value.sha256, /^[0-9a-f]{64}$/);
  const entries = valueDiff("ingress", baseline_value, current_value, "aws_security_group");
  assert.deepEqual(entries.map(({ before, after }) => [cidrOf(before), cidrOf(after)]), [
    ["10.9.9.9/32", undefined],
    [undefined, "0.0.0.0/0"],
  ]);
});

function cidrOf(rule: Json): Json | undefined {
  return rule === null ? undefined : ((rule as JsonRecord).cidr_blocks as Json[])[0];
}

/** Guarantee: for any two configurations, the diff is empty for equals, complete, and found again the same. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { canonicalize } from "../../shared/drift/canonical.ts";
import { detectDrifts, fingerprintOf } from "../../shared/drift/detect.ts";
import { apply, diff } from "../../shared/drift/diff.ts";
import { canonicalText, type Json, type JsonRecord } from "../../shared/drift/json.ts";

const NAMES = fc.constantFrom(
  ...[
    "tags",
    "ingress",
    "egress",
    "cidr_blocks",
    "from_port",
    "to_port",
    "protocol",
    "versioning",
    "enabled",
  ],
  ...[
    "rule",
    "policy",
    "Statement",
    "Action",
    "Principal",
    "Effect",
    "Condition",
    "container",
    "name",
    "env",
  ],
  ...["acl", "etag", "metadata", "labels", "order", "tags_all", "resources", "publicly_accessible", "self"],
  ...["__proto__", "constructor", "description", "serial", "spec", "odd name"],
);
const LEAF: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(null, "", true, false, 0, 1, "a", "b", "*", "private", "10.0.0.0/8", "0.0.0.0/0"),
  fc.constantFrom<Json>(
    "{}",
    "[]",
    '[{"name":"x"}]',
    '{"Statement":[{"Action":"*","Effect":"Allow"}]}',
    "Allow",
  ),
  fc.string(),
);
const { record } = fc.letrec<{ value: Json; record: JsonRecord }>((tie) => ({
  value: fc.oneof({ depthSize: "small" }, LEAF, fc.array(tie("value"), { maxLength: 3 }), tie("record")),
  record: fc.array(fc.tuple(NAMES, tie("value")), { maxLength: 5 }).map((members) =>
    Object.fromEntries(members) as JsonRecord
  ),
}));
const TYPES = fc.constantFrom(
  "aws_security_group",
  "aws_s3_bucket",
  "aws_db_instance",
  "google_compute_firewall",
  "kubernetes_deployment",
  "unknown_thing",
);
/** Compares as JSON: older runtimes' deepEqual stumbles over members named `constructor`. */
function assertSame(actual: Json, expected: Json): void {
  assert.equal(canonicalText(actual), canonicalText(expected));
}

const RUNS = { numRuns: 2_000 };

Deno.test("diff: nothing differs from itself, nor from its canonical form", () => {
  fc.assert(
    fc.property(TYPES, record, (type, a) => {
      const canonical = canonicalize(type, a);
      assert.deepEqual(diff(type, a, structuredClone(a)), []);
      assert.deepEqual(diff(type, a, canonical), []);
      assertSame(canonicalize(type, canonical), canonical);
    }),
    RUNS,
  );
});

Deno.test("diff: applied to the first it gives the second, up to the declared equivalences", () => {
  fc.assert(
    fc.property(TYPES, record, record, (type, a, b) => {
      assertSame(apply(type, diff(type, a, b), a), canonicalize(type, b));
    }),
    RUNS,
  );
});

Deno.test("diff: is empty exactly when the fingerprints are equal", () => {
  fc.assert(
    fc.property(TYPES, record, record, (type, a, b) => {
      const equal = fingerprintOf(type, { configuration: a }) ===
        fingerprintOf(type, { configuration: b });
      assert.equal(diff(type, a, b).length === 0, equal);
    }),
    { numRuns: 500 },
  );
});

Deno.test("detection: finds the same drifts again, each field once, and reads nothing else", () => {
  fc.assert(
    fc.property(TYPES, record, record, (type, a, b) => {
      const [before, after] = [{ configuration: a }, { configuration: b }];
      const copy = structuredClone([a, b]);
      const found = detectDrifts(type, before, after);
      assert.equal(JSON.stringify(detectDrifts(type, before, after)), JSON.stringify(found));
      assert.equal(new Set(found.map((drift) => drift.field_path)).size, found.length);
      assertSame([a, b], copy);
    }),
    RUNS,
  );
});

Deno.test("detection: going back finds the same fields", () => {
  fc.assert(
    fc.property(TYPES, record, record, (type, a, b) => {
      const paths = (from: JsonRecord, to: JsonRecord) => diff(type, from, to).map((change) => change.path);
      assert.deepEqual(paths(a, b), paths(b, a));
    }),
    RUNS,
  );
});

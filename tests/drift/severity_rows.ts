/** Rows of severity tests: a change of one resource, and the one drift it must be. */
import assert from "node:assert/strict";
import { detectDrifts } from "../../shared/drift/detect.ts";
import type { JsonRecord } from "../../shared/drift/json.ts";

export type Row = [
  name: string,
  type: string,
  before: JsonRecord,
  after: JsonRecord,
  /** The only drift that is found, or `null` for none. */
  expected: [path: string, severity: string, driftType: string] | null,
];

/** Makes a test of each row. */
export function testRows(rows: readonly Row[]): void {
  for (const [name, type, before, after, expected] of rows) {
    Deno.test(`severity: ${name}`, () => {
      const found = detectDrifts(type, { configuration: before }, { configuration: after })
        .map(({ field_path, severity, drift_type }) => [field_path, severity, drift_type]);
      assert.deepEqual(found, expected === null ? [] : [expected]);
    });
  }
}

export type BothWays = [
  type: string,
  safe: JsonRecord,
  unsafe: JsonRecord,
  severity: string,
  rule: string,
];

/** Makes a test of each row: the way to what is unsafe is judged so, the way back is low. */
export function testBothWays(rows: readonly BothWays[]): void {
  for (const [index, [type, safe, unsafe, severity, rule]] of rows.entries()) {
    Deno.test(`severity: ${type}: ${rule} (${index})`, () => {
      const judged = (before: JsonRecord, after: JsonRecord) =>
        detectDrifts(type, { configuration: before }, { configuration: after });
      const [drift, ...others] = judged(safe, unsafe);
      const worst = others.reduce((worse, other) => other.severity === severity ? other : worse, drift);
      assert.deepEqual([worst?.severity, worst?.rule], [severity, rule]);
      assert.notEqual(worst!.drift_type, "configuration");
      for (const back of judged(unsafe, safe)) assert.equal(back.severity, "low", back.summary);
    });
  }
}

/** An AWS security group's configuration with one rule. */
export function ingress(port: number, cidr: string, to = port) {
  return { ingress: [{ protocol: "tcp", from_port: port, to_port: to, cidr_blocks: [cidr] }] };
}

/** A configuration with a policy in a text, as Terraform keeps it. */
export function policy(statement: unknown) {
  return { policy: JSON.stringify({ Version: "2012-10-17", Statement: statement }) };
}

/** A statement that allows. */
export function allow(Action: unknown, Resource: unknown, more: object = {}) {
  return { Effect: "Allow", Action, Resource, ...more };
}

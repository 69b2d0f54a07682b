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

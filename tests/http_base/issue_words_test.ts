/** Guarantee: what a person is told about a wrong field is a sentence of ours, and never repeats the value. */
import assert from "node:assert/strict";
import { z } from "zod";
import { ApiError } from "../../shared/errors/api_error.ts";
import { validate } from "../../shared/http/validate.ts";

const Body = z.strictObject({
  name: z.string().min(2).max(5),
  role: z.enum(["owner", "viewer"]),
  days: z.int().min(1).max(9),
  scopes: z.array(z.string()).max(1),
  email: z.email(),
  from: z.iso.datetime(),
  on: z.boolean(),
  ours: z.string().regex(/^a$/, "must be the letter a"),
});

const GOOD = {
  name: "abc",
  role: "owner",
  days: 2,
  scopes: [],
  email: "a@example.com",
  from: "2026-11-24T00:00:00Z",
  on: true,
  ours: "a",
};

const FAULTS: [field: string, value: unknown, words: string][] = [
  ["name", undefined, "is required"],
  ["name", 7, "must be text"],
  ["name", "secret", "must have at most 5 characters"],
  ["name", "s", "must have at least 2 characters"],
  ["role", "secret", "must be one of owner, viewer"],
  ["days", 10, "must be at most 9"],
  ["days", 1.5, "must be a whole number"],
  ["days", "secret", "must be a number"],
  ["scopes", ["secret", "secret"], "must have at most 1 entries"],
  ["scopes", "secret", "must be a list"],
  ["email", "secret", "is not an email address"],
  ["from", "secret", "is not a time (RFC 3339)"],
  ["on", "secret", "must be true or false"],
  ["ours", "secret", "must be the letter a"],
  ["extra", "secret", "unknown: extra"],
];

for (const [field, value, words] of FAULTS) {
  Deno.test(`${field} as ${JSON.stringify(value)}: ${words}`, () => {
    assert.throws(() => validate(Body, { ...GOOD, [field]: value }, "body"), (error) => {
      assert.ok(error instanceof ApiError);
      const { issues } = error.details as { issues: { path: string; message: string }[] };
      assert.deepEqual(issues.map(({ message }) => message), [words]);
      assert.ok(!JSON.stringify(issues).includes("secret"));
      return true;
    });
  });
}

Deno.test("what is right passes", () => assert.deepEqual(validate(Body, GOOD, "body"), GOOD));

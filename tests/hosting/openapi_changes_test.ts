/** Every change that breaks a client is named, and none that doesn't. */
import assert from "node:assert/strict";
import { findBreakingChanges } from "../../scripts/openapi_changes.ts";

// deno-lint-ignore no-explicit-any -- each row changes the document in its own way
type Change = (document: any) => void;

const document = {
  paths: {
    "/things/{id}": {
      put: {
        security: [{ bearer: ["things:write"] }],
        parameters: [
          { name: "id", in: "path", required: true, schema: { type: "string" } },
          { name: "q", in: "query", required: false, schema: { type: "string", maxLength: 20 } },
        ],
        requestBody: {
          required: true,
          content: { "application/json": { schema: { $ref: "#/components/schemas/ThingInput" } } },
        },
        responses: {
          200: { content: { "application/json": { schema: { $ref: "#/components/schemas/Thing" } } } },
          404: {},
        },
      },
      get: { security: [], responses: { 200: {} } },
    },
  },
  components: {
    schemas: {
      ThingInput: {
        type: "object",
        properties: {
          name: { type: "string", minLength: 1 },
          kind: { enum: ["a", "b"] },
          size: { anyOf: [{ type: "integer" }, { type: "null" }] },
        },
        required: ["name"],
        additionalProperties: false,
      },
      Thing: {
        type: "object",
        properties: {
          name: { type: "string" },
          kind: { enum: ["a", "b"] },
          note: { type: "string" },
          parts: { type: "array", items: { $ref: "#/components/schemas/Thing" } },
        },
        required: ["name", "kind", "parts"],
        additionalProperties: false,
      },
    },
  },
};

const breaking: [string, Change, RegExp][] = [
  ["a path goes", (d) => delete d.paths["/things/{id}"], /PUT .* is gone/],
  ["a method goes", (d) => delete d.paths["/things/{id}"].get, /GET .* is gone/],
  [
    "a credential is needed",
    (d) => d.paths["/things/{id}"].get.security.push({ bearer: [] }),
    /needs a credential/,
  ],
  [
    "another permission is needed",
    (d) => put(d).security = [{ bearer: ["things:own"] }],
    /no longer accepts/,
  ],
  ["a parameter goes", (d) => put(d).parameters.pop(), /parameter q is gone/],
  ["a parameter is required", (d) => put(d).parameters[1].required = true, /parameter q is required/],
  [
    "a new parameter is required",
    (d) => put(d).parameters.push({ name: "x", in: "query", required: true, schema: {} }),
    /parameter x is required/,
  ],
  ["a parameter gets shorter", (d) => put(d).parameters[1].schema.maxLength = 10, /maxLength is 10/],
  ["a field is required", (d) => input(d).required.push("kind"), /body: kind is required/],
  ["a field is not taken", (d) => delete input(d).properties.kind, /body: kind is not taken/],
  ["a value is not taken", (d) => input(d).properties.kind.enum.pop(), /body.kind: can't be "b"/],
  ["a type is not taken", (d) => input(d).properties.name.type = "integer", /body.name: can't be string/],
  ["null is not taken", (d) => input(d).properties.size.anyOf.pop(), /body.size: its choices/],
  ["a pattern is asked for", (d) => input(d).properties.name.pattern = "^a", /pattern is "\^a"/],
  ["only certain values are taken", (d) => input(d).properties.name.enum = ["x"], /only certain values/],
  ["an answer's field goes", (d) => delete thing(d).properties.note, /200: note is gone/],
  ["an answer's field may be missing", (d) => thing(d).required.shift(), /200: name may be missing/],
  [
    "an answer's field may be null",
    (d) => thing(d).properties.name.type = ["string", "null"],
    /200.name: can be null/,
  ],
  [
    "a nested field changes its type",
    (d) => thing(d).properties.parts.type = "object",
    /200.parts: can be object/,
  ],
  ["a success goes", (d) => delete put(d).responses[200], /never answers 200/],
  [
    "an answer changes its type",
    (d) => put(d).responses[200].content = { "text/plain": {} },
    /no application\/json/,
  ],
];

const harmless: [string, Change][] = [
  ["nothing changes", () => {}],
  ["a path comes", (d) => d.paths["/more"] = { get: { security: [], responses: {} } }],
  ["a credential is no longer needed", (d) => put(d).security = []],
  ["another way in comes", (d) => put(d).security.push({ query_token: [] })],
  [
    "an optional parameter comes",
    (d) => put(d).parameters.push({ name: "x", in: "query", required: false, schema: {} }),
  ],
  ["an optional field comes", (d) => input(d).properties.more = { type: "string" }],
  ["a field is optional now", (d) => input(d).required = []],
  ["a value more is taken", (d) => input(d).properties.kind.enum.push("c")],
  ["a text may be longer", (d) => put(d).parameters[1].schema.maxLength = 40],
  ["an answer has a field more", (d) => thing(d).properties.more = { type: "string" }],
  ["an answer's field is always there now", (d) => thing(d).required.push("note")],
  ["an answer has a value more", (d) => thing(d).properties.kind.enum.push("c")],
  ["an error more is described", (d) => put(d).responses[409] = {}],
  ["an error is no longer answered", (d) => delete put(d).responses[404]],
];

for (const [what, change, expected] of breaking) {
  Deno.test(`${what}: breaks`, () => {
    const next = structuredClone(document);
    change(next);
    assert.match(findBreakingChanges(document, next).join("\n"), expected);
  });
}

for (const [what, change] of harmless) {
  Deno.test(`${what}: breaks nothing`, () => {
    const next = structuredClone(document);
    change(next);
    assert.deepEqual(findBreakingChanges(document, next), []);
  });
}

// deno-lint-ignore no-explicit-any -- as above
const put = (d: any) => d.paths["/things/{id}"].put;
// deno-lint-ignore no-explicit-any -- as above
const input = (d: any) => d.components.schemas.ThingInput;
// deno-lint-ignore no-explicit-any -- as above
const thing = (d: any) => d.components.schemas.Thing;

/** Values for JSON Schemas of the OpenAPI document: right ones, and ones broken in a place. */
import * as fc from "fast-check";

// deno-lint-ignore no-explicit-any -- a schema of the document, read as it comes
type Schema = any;
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const MOST_ITEMS = 4;
const DEEPEST = 5;

/** What trips programs up, whatever was asked for. */
const WEIRD = fc.oneof(
  fc.constantFrom<Json>(
    ...[
      null,
      true,
      0,
      -1,
      1.5,
      1e308,
      -0,
      9_007_199_254_740_993,
      "",
      " ",
      "\u0000",
      "\ud800",
      "\u202e",
      "null",
    ],
    ...["'; drop table resources; --", "%00", "../..", "{}", "١٢", "é".repeat(300), "x".repeat(20_000)],
    ...[[], {}, [[[[[]]]]], { __proto__: null, constructor: 1 }, { "": "" }],
    nested(400),
  ),
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
);

const FORMATS: Record<string, fc.Arbitrary<string>> = {
  email: fc.integer({ min: 1, max: 99_999 }).map((number) => `fuzz${number}@example.com`),
  "date-time": fc.date({ min: new Date("2000-01-01"), max: new Date("2099-01-01"), noInvalidDate: true })
    .map((date) => date.toISOString()),
  uuid: fc.uuid(),
  uri: fc.webUrl(),
  ipv4: fc.ipV4(),
  ipv6: fc.ipV6(),
  cidrv4: fc.ipV4().map((address) => `${address}/32`),
  cidrv6: fc.ipV6().map((address) => `${address}/128`),
};

/** A value that the schema takes, as far as a schema says so. */
export function validValue(document: Schema, schema: Schema, depth = 0): fc.Arbitrary<Json> {
  const of = (part: Schema) => validValue(document, part, depth + 1);
  if (schema.$ref) return of(resolve(document, schema.$ref));
  if ("const" in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return fc.oneof(...choices.map(of) as fc.Arbitrary<Json>[]);
  if (depth > DEEPEST) return fc.constant(null);
  switch (schema.type) {
    case "string":
      return text(schema);
    case "integer":
    case "number":
      return fc.integer({ min: schema.minimum ?? 0, max: Math.min(schema.maximum ?? 60, 1_000_000) });
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "array": {
      const { minItems = 0, maxItems = MOST_ITEMS } = schema;
      return fc.array(of(schema.items ?? {}), {
        minLength: minItems,
        maxLength: Math.max(minItems, Math.min(maxItems, MOST_ITEMS)),
      });
    }
    case "object":
      return record(schema, of);
    default:
      return fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>;
  }
}

/** A right value with one part replaced, left out or added; or nothing like it. */
export function brokenValue(document: Schema, schema: Schema): fc.Arbitrary<Json> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.tuple(validValue(document, schema), fc.nat(), WEIRD).map(breakPart) },
    { weight: 1, arbitrary: WEIRD },
  );
}

function text({ format, pattern, minLength = 0, maxLength = 40 }: Schema): fc.Arbitrary<string> {
  if (format && FORMATS[format]) return FORMATS[format];
  if (pattern) return fc.stringMatching(new RegExp(pattern), { size: "small" });
  const length = { minLength, maxLength: Math.max(minLength, Math.min(maxLength, 40)) };
  return fc.oneof(
    { weight: 3, arbitrary: fc.string(length) },
    { weight: 1, arbitrary: fc.string({ ...length, unit: "binary" }) },
  );
}

function record(schema: Schema, of: (part: Schema) => fc.Arbitrary<Json>): fc.Arbitrary<Json> {
  const properties: Record<string, Schema> = schema.properties ?? {};
  const known = fc.record(
    Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, of(part)])),
    { requiredKeys: schema.required ?? [] },
  );
  if (typeof schema.additionalProperties !== "object") return known;
  const more = fc.dictionary(fc.string({ maxLength: 12 }), of(schema.additionalProperties), { maxKeys: 3 });
  return fc.tuple(known, more).map(([one, other]) => ({ ...other, ...one }));
}

function breakPart([value, where, weird]: [Json, number, Json]): Json {
  if (value === null || typeof value !== "object") return weird;
  const names = Object.keys(value);
  if (Array.isArray(value)) {
    const index = where % (value.length + 1);
    return value.toSpliced(
      index,
      1,
      index < value.length ? breakPart([value[index]!, where >> 3, weird]) : weird,
    );
  }
  const name = names[where % (names.length + 1)];
  if (name === undefined) return { ...value, unknown: weird };
  const { [name]: part, ...rest } = value;
  return where % 5 === 0 ? rest : { ...rest, [name]: breakPart([part!, where >> 3, weird]) };
}

function nested(depth: number): Json {
  let value: Json = 1;
  for (let level = 0; level < depth; level++) value = level % 2 ? [value] : { a: value };
  return value;
}

function resolve(document: Schema, reference: string): Schema {
  return reference.slice(2).split("/").reduce((part, name) => part[name], document);
}

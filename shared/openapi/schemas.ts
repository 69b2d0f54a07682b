/** JSON Schemas of the wire, as OpenAPI 3.1 has them: each named schema once, under components. */
import { z } from "zod";

export type JsonSchema = { [keyword: string]: unknown };

/** Formats whose regular expression says nothing more than the format's name does. */
const NAMED_FORMATS = new Set(["date-time", "date", "email", "uuid", "uri", "ipv4", "ipv6"]);

/** Collects the named schemas (`.meta({ id })`) of a document while its parts are converted. */
export class SchemaCollection {
  readonly #named = new Map<string, JsonSchema>();

  /**
   * The JSON Schema (2020-12) of a zod schema.
   * @param io `input` for what a client sends, `output` for what it gets
   * @returns the schema with `$ref`s into `#/components/schemas`
   * @throws Error when two different schemas claim one name
   */
  convert(schema: z.ZodType, io: "input" | "output"): JsonSchema {
    // Inside a wrapper even the outermost schema becomes a reference when it has a name.
    const { properties, $defs } = z.toJSONSchema(z.object({ schema }), {
      io,
      target: "draft-2020-12",
      unrepresentable: "any",
      override: ({ zodSchema, jsonSchema }) => {
        keepExamples(zodSchema, jsonSchema as JsonSchema);
        tidy(jsonSchema as JsonSchema);
      },
    });
    for (const [name, definition] of Object.entries($defs ?? {})) this.#name(name, moveRefs(definition));
    return moveRefs(properties!.schema!) as JsonSchema;
  }

  /** All named schemas so far, by name. */
  all(): Record<string, JsonSchema> {
    return Object.fromEntries([...this.#named].sort(([a], [b]) => a < b ? -1 : 1));
  }

  #name(name: string, definition: unknown): void {
    const known = this.#named.get(name);
    if (known && JSON.stringify(known) !== JSON.stringify(definition)) {
      throw new Error(`Two different schemas are named ${name}`);
    }
    this.#named.set(name, definition as JsonSchema);
  }
}

function tidy(schema: JsonSchema): void {
  if (typeof schema.format === "string" && NAMED_FORMATS.has(schema.format)) delete schema.pattern;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  delete schema.id;
  if (JSON.stringify(schema.propertyNames) === '{"type":"string"}') delete schema.propertyNames;
  if (JSON.stringify(schema.additionalProperties) === "{}") schema.additionalProperties = true;
}

function moveRefs(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(moveRefs);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) =>
      key === "$ref" && typeof child === "string"
        ? [key, child.replace("#/$defs/", "#/components/schemas/")]
        : [key, moveRefs(child)]
    ),
  );
}

/** Of a schema that transforms, zod leaves the examples out of what is sent; ours are as a client sends them. */
function keepExamples(zodSchema: z.core.$ZodType, schema: JsonSchema): void {
  const { examples } = z.globalRegistry.get(zodSchema) ?? {};
  if (examples !== undefined && schema.$ref === undefined) schema.examples ??= examples;
}

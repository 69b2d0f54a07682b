/** Examples for the document, made from the schemas' own examples: complete and valid by construction. */
import type { JsonSchema } from "./schemas.ts";

/** Examples by format, where a schema has none of its own. */
const BY_FORMAT: Record<string, string> = {
  "date-time": "2026-11-24T09:30:00.000Z",
  date: "2026-11-24",
  email: "user@example.com",
  uuid: "7b0e3c1e-8a55-4c0e-9d0f-3f1d6a2b9c11",
  uri: "https://api.infraaudit.dev",
  ipv4: "203.0.113.7",
  ipv6: "2001:db8::7",
};

/**
 * An example of a schema.
 * @param named the document's `components.schemas`
 * @param isRequest leaves optional fields out, so that the example shows the least that works
 */
export function exampleOf(
  schema: JsonSchema,
  named: Record<string, JsonSchema>,
  isRequest: boolean,
): unknown {
  const again = (part: unknown) => exampleOf(part as JsonSchema, named, isRequest);
  const given = (schema.examples as unknown[] | undefined)?.[0] ?? schema.const ?? schema.default;
  if (given !== undefined) return given;
  if (typeof schema.$ref === "string") return again(named[schema.$ref.split("/").at(-1)!]);
  if (Array.isArray(schema.enum)) return schema.enum[0];
  const choice = (schema.anyOf ?? schema.oneOf) as JsonSchema[] | undefined;
  if (choice) return again(choice[0]);
  if (Array.isArray(schema.allOf)) {
    return schema.allOf.map(again).reduce((all, one) => Object.assign(all as object, one), {});
  }
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === "array") return schema.maxItems === 0 ? [] : [again(schema.items ?? {})];
  if (type === "object") {
    const required = new Set(schema.required as string[] | undefined);
    const all = Object.entries(schema.properties ?? {});
    const least = isRequest ? all.filter(([name]) => required.has(name)) : all;
    // A request that says nothing shows nothing: one that needs no field shows its first.
    const shown = isRequest && least.length === 0 ? all.slice(0, 1) : least;
    return Object.fromEntries(shown.map(([name, property]) => [name, again(property)]));
  }
  if (type === "integer" || type === "number") {
    return schema.minimum ?? (typeof schema.exclusiveMinimum === "number" ? schema.exclusiveMinimum + 1 : 0);
  }
  if (type === "boolean") return true;
  if (type === "string") return BY_FORMAT[schema.format as string] ?? "text";
  return type === "null" ? null : {};
}

/** Checks values against the schemas of an OpenAPI document, by where they stand in it. */
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

/** Formats that only the server's own schemas know. */
const UNCHECKED_FORMATS = { cidrv4: true, cidrv6: true, password: true } as const;

/** @returns one sentence a fault, empty when the value is valid */
export type SchemaCheck = (path: readonly string[], value: unknown) => string[];

/**
 * A check for one document.
 * @param document OpenAPI 3.1, whose schemas are JSON Schema 2020-12
 */
export function createSchemaCheck(document: Record<string, unknown>): SchemaCheck {
  const ajv = new Ajv2020({ strict: false, allErrors: true, formats: UNCHECKED_FORMATS });
  // deno-lint-ignore no-explicit-any -- the package's types describe its CommonJS shape
  (addFormats as any)(ajv);
  // `$id` makes `#/components/…` resolve inside the whole document.
  ajv.addSchema({ ...document, $id: "openapi:" });
  return (path, value) => {
    const pointer = path.map((key) => encodeURIComponent(key.replace(/~/g, "~0").replace(/\//g, "~1")));
    const validate = ajv.getSchema(`openapi:#/${pointer.join("/")}`);
    if (!validate) return [`no schema at ${path.join(" > ")}`];
    if (validate(value)) return [];
    return validate.errors!.map(({ instancePath, message, params }) =>
      `${instancePath || "/"} ${message} ${JSON.stringify(params)}`
    );
  };
}

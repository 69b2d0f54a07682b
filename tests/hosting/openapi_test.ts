/** The committed document is the one the schemas make, is valid OpenAPI 3.1, and its examples hold. */
import { Validator } from "@seriousme/openapi-schema-validator";
import assert from "node:assert/strict";
import { buildOpenApi } from "../../shared/openapi/document.ts";
import { getResource } from "../../shared/contracts/resources.ts";
import { OPENAPI_FILE, renderOpenApi } from "../../scripts/build_openapi.ts";
import { findEndpoints } from "../../scripts/endpoints.ts";
import { createSchemaCheck } from "../http/schema_check.ts";

type Part = Record<string, unknown>;
const committed = await Deno.readTextFile(OPENAPI_FILE);
const document = JSON.parse(committed);

Deno.test("openapi.json is what the endpoint descriptions make: run deno task openapi", async () => {
  assert.equal(committed, await renderOpenApi());
});

Deno.test("every endpoint of the contract is an operation of the document", async () => {
  const operations = Object.entries<Part>(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`)
  );
  const endpoints = (await findEndpoints()).map(({ method, path }) =>
    `${method} ${path.replace(/:(\w+)/g, "{$1}")}`
  );
  assert.deepEqual(operations.sort(), endpoints.sort());
});

Deno.test("the document is valid OpenAPI 3.1 and every reference in it resolves", async () => {
  const validator = new Validator();
  const result = await validator.validate(structuredClone(document));
  assert.deepEqual([result.valid, result.errors], [true, undefined]);
  assert.equal(validator.version, "3.1");
  const references = new Set(committed.match(/(?<="\$ref": "#\/)[^"]+/g));
  for (const reference of references) {
    const target = reference.split("/").reduce((part, key) => part?.[key], document);
    assert.ok(target, reference);
  }
});

Deno.test("a document that is not valid is refused, so that the check above means something", async () => {
  const broken = structuredClone(document);
  delete broken.paths["/resources/{id}"].get.parameters[0].in;
  assert.equal((await new Validator().validate(broken)).valid, false);
});

Deno.test("every example is valid against the schema beside it", () => {
  const check = createSchemaCheck(document);
  let examples = 0;
  for (const [where, media] of findMediaTypes(document, [])) {
    const named = Object.entries((media.examples ?? {}) as Record<string, { value: unknown }>);
    for (const [name, value] of [["example", media.example], ...named.map(([n, { value }]) => [n, value])]) {
      if (value === undefined) continue;
      examples += 1;
      assert.deepEqual(
        check([...where, "schema"], value),
        [],
        `${where.join(" > ")}: ${name} (.meta({ examples }) helps)`,
      );
    }
  }
  assert.ok(examples > document.tags.length);
});

Deno.test("every tag has a sentence in shared/openapi/tags.ts, and no request example is empty", () => {
  const silent = document.tags.filter(({ description }: Part) => !description);
  assert.deepEqual(silent, []);
  const empty = Object.entries<Record<string, Part>>(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).filter(([, operation]) =>
      JSON.stringify(operation.requestBody)?.includes('"example":{}')
    )
      .map(([method]) => `${method} ${path}`)
  );
  assert.deepEqual(empty, []);
});

Deno.test("two endpoints with one id are refused", () => {
  assert.throws(
    () => buildOpenApi([getResource, { ...getResource, path: "/elsewhere/:id" }], "https://api.example"),
    /Two endpoints are named getResource/,
  );
});

function* findMediaTypes(part: unknown, path: string[]): Generator<[string[], Part]> {
  if (part === null || typeof part !== "object") return;
  for (const [key, child] of Object.entries(part)) {
    if (key === "application/json") yield [[...path, key], child];
    else yield* findMediaTypes(child, [...path, key]);
  }
}

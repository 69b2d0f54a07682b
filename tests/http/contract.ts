/** A `fetch` that holds every answer of the API against the OpenAPI document. */
import assert from "node:assert/strict";
import { toFunctionPath } from "../../shared/http/public_paths.ts";
import { createSchemaCheck } from "./schema_check.ts";

interface Response_ {
  headers?: Record<string, { $ref: string }>;
  content?: Record<string, unknown>;
}

const document = JSON.parse(await Deno.readTextFile(new URL("../../openapi.json", import.meta.url)));
const checkSchema = createSchemaCheck(document);
const patterns = Object.keys(document.paths).map((path) => ({
  path,
  pattern: new RegExp(`^${path.replace(/[.]/g, "\\.").replace(/\{\w+\}/g, "[^/]+")}/?$`),
}));

/** Headers that mean something to clients of this API: none may be sent that the document doesn't name. */
const TELLING =
  /^(?:x-|ratelimit|retry-after$|www-authenticate$|allow$|deprecation$|sunset$|link$|location$)/;

/**
 * Wraps `fetch`: the answer of each request to the API must be documented — its status, its headers, its body.
 * A path or method that the document lacks must be answered 404 or 405. Other requests pass unchecked.
 * @throws AssertionError that names the request and every fault
 */
export function checkedFetch(ask: typeof fetch = fetch): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const { method, url } = request;
    const response = await ask(request);
    const path = toFunctionPath(new URL(url).pathname);
    if (path === undefined || method === "OPTIONS") return response;
    const faults = await findAnswerFaults(method, path, response);
    assert.deepEqual(faults, [], `${method} ${path} → ${response.status} is not as documented`);
    return response;
  };
}

/**
 * What about an answer is not as documented.
 * @param path the function's path, its own name first
 * @param response stays readable; a stream's body is not read
 * @returns one sentence a fault
 */
export async function findAnswerFaults(method: string, path: string, response: Response): Promise<string[]> {
  const place = findPlace(method, path, response.status);
  if (!place) return [`status ${response.status} is not documented`];
  const documented = place.reduce((part, key) => part[key], document) as Response_;
  return [
    ...headerFaults(documented, response.headers),
    ...(method === "HEAD" ? [] : await bodyFaults(place, documented, response)),
  ];
}

/** Function paths that the document names as the public has them (shared/http/public_paths.ts). */
const DOCUMENTED_AS: Record<string, string> = { "/openapi": "/openapi.json" };

/** Where in the document this answer is described. */
function findPlace(method: string, sentPath: string, status: number): string[] | undefined {
  const path = DOCUMENTED_AS[sentPath] ?? sentPath;
  // A literal path comes before one with parameters.
  const fitting = patterns.filter(({ pattern }) => pattern.test(path));
  const verb = method === "HEAD" ? "get" : method.toLowerCase();
  const taken = fitting.filter(({ path }) => document.paths[path][verb]);
  const known = taken.find(({ path }) => !path.includes("{")) ?? taken[0] ?? fitting[0];
  const operation = known && document.paths[known.path][verb];
  if (!operation) {
    const name = known && status === 405 ? "MethodNotAllowedForAnyone" : "NotFoundForAnyone";
    return (known ? [404, 405] : [404]).includes(status) ? ["components", "responses", name] : undefined;
  }
  const response = operation.responses[status];
  if (!response) return undefined;
  return response.$ref
    ? response.$ref.slice(2).split("/")
    : ["paths", known.path, verb, "responses", String(status)];
}

function headerFaults(documented: Response_, sent: Headers): string[] {
  const faults: string[] = [];
  const names = new Set<string>();
  for (const [name, { $ref }] of Object.entries(documented.headers ?? {})) {
    names.add(name.toLowerCase());
    const place = $ref.slice(2).split("/");
    const { required, schema } = place.reduce((part, key) => part[key], document);
    const text = sent.get(name);
    if (text === null) {
      if (required) faults.push(`header ${name} is missing`);
      continue;
    }
    const value = schema.type === "integer" ? Number(text) : text;
    faults.push(...checkSchema([...place, "schema"], value).map((fault) => `header ${name}: ${fault}`));
  }
  for (const name of sent.keys()) {
    if (TELLING.test(name) && !names.has(name)) faults.push(`header ${name} is not documented`);
  }
  return faults;
}

async function bodyFaults(place: string[], documented: Response_, response: Response): Promise<string[]> {
  const type = response.headers.get("content-type")?.split(";")[0]?.trim();
  if (!documented.content) {
    return await response.clone().text() === "" ? [] : ["a body where none is documented"];
  }
  if (!type || !(type in documented.content)) return [`content type ${type} is not documented`];
  if (type !== "application/json") return [];
  return checkSchema([...place, "content", type, "schema"], await response.clone().json());
}

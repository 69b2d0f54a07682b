/** The parts of an OpenAPI 3.1 document that the reference shows, and how a `$ref` is followed. */

export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  enum?: unknown[];
  const?: unknown;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  maxLength?: number;
  minLength?: number;
  maximum?: number;
  minimum?: number;
}

export interface Content {
  schema?: Schema;
  example?: unknown;
}

export interface Answer {
  $ref?: string;
  description?: string;
  content?: Record<string, Content>;
}

export interface Operation {
  operationId: string;
  summary: string;
  tags: string[];
  description?: string;
  security?: Record<string, string[]>[];
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema?: Schema }[];
  requestBody?: { required?: boolean; content: Record<string, Content> };
  responses: Record<string, Answer>;
}

export interface OpenApiDocument {
  info: { title: string; version: string; description?: string };
  tags?: { name: string; description?: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: Record<string, Record<string, unknown>>;
}

/**
 * What a local reference stands for, or the value itself.
 * @throws Error for a reference that leads nowhere
 */
export function resolve<Value extends { $ref?: string }>(document: OpenApiDocument, value: Value): Value {
  if (!value.$ref) return value;
  const found = value.$ref.slice(2).split("/").reduce(
    (part: unknown, key) => (part as Record<string, unknown> | undefined)?.[key],
    document,
  );
  if (found === undefined) throw new Error(`${value.$ref} leads nowhere`);
  return resolve(document, found as Value);
}

/** The name of a referenced schema, such as `Resource`. */
export function nameOf(schema: Schema): string | undefined {
  return schema.$ref?.split("/").at(-1);
}

/** A schema's type in a few words, its values listed: `list of "read" | "write"`. */
export function sayType(document: OpenApiDocument, schema: Schema): string {
  const whole = resolve(document, schema);
  if (whole.const !== undefined) return JSON.stringify(whole.const);
  if (whole.enum) return whole.enum.map((value) => JSON.stringify(value)).join(" | ");
  const choices = whole.anyOf ?? whole.oneOf;
  if (choices) return [...new Set(choices.map((choice) => sayType(document, choice)))].join(" or ");
  if (whole.items) return `list of ${sayType(document, whole.items)}`;
  const name = nameOf(schema);
  if (name) return name;
  const type = [whole.type ?? "any value"].flat().join(" or ");
  return whole.format && whole.format !== "password"
    ? FORMATS[whole.format] ?? `${type}, ${whole.format}`
    : type;
}

/** Formats as people call them. */
const FORMATS: Record<string, string> = {
  ipv4: "address",
  ipv6: "address",
  cidrv4: "range of addresses",
  cidrv6: "range of addresses",
  "date-time": "time (RFC 3339)",
  uuid: "UUID",
  email: "email address",
};

/** One operation with where it is. */
export interface Place {
  method: string;
  path: string;
  operation: Operation;
}

/** All operations by their tags, in the document's order; only those that have all words of a search. */
export function operationsByTag(document: OpenApiDocument, search: string): Map<string, Place[]> {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const all = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation }))
  );
  const found = all.filter(({ method, path, operation }) => {
    const text = `${method} ${publicPath(path)} ${operation.summary} ${operation.operationId}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const tags = new Set([
    ...(document.tags ?? []).map(({ name }) => name),
    ...all.flatMap((one) => one.operation.tags),
  ]);
  const byTag = [...tags].map((tag) =>
    [tag, found.filter(({ operation }) => operation.tags.includes(tag))] as const
  );
  return new Map(byTag.filter(([, places]) => places.length > 0));
}

/** The address under which clients call a function's path. */
export function publicPath(path: string): string {
  return path.startsWith("/api/") ? path : `/v1${path}`;
}

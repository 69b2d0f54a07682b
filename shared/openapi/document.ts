/** Builds the OpenAPI 3.1 document from the endpoint descriptions, the same ones that validate requests. */
import type { Endpoint } from "../contracts/endpoint.ts";
import { ErrorBody } from "../contracts/errors.ts";
import { ErrorResponses } from "./errors.ts";
import { exampleOf } from "./examples.ts";
import { HEADERS, headersOf } from "./headers.ts";
import { type JsonSchema, SchemaCollection } from "./schemas.ts";
import { describeTags } from "./tags.ts";

/** Version of the wire; its first number changes only with a change that breaks clients. */
export const API_VERSION = "1.0.0";

type Part = Record<string, unknown>;

export interface OpenApiDocument extends Part {
  paths: Record<string, Record<string, Part>>;
  components: { schemas: Record<string, JsonSchema> } & Part;
}

const DESCRIPTION =
  `Every answer is JSON in snake_case; times are RFC 3339 in UTC. Every error has the one shape of
\`Error\`. Fields and enum values may be added at any time: read what you know and pass over the rest.
Without a credential, \`OPTIONS\` answers a CORS preflight on every path.`;

/**
 * The document.
 * @param endpoints in the order in which the document shows them
 * @param baseUrl where the API is, without `/v1`; for `servers`
 * @throws Error when two endpoints or two schemas claim one name
 */
export function buildOpenApi(endpoints: readonly Endpoint[], baseUrl: string): OpenApiDocument {
  const schemas = new SchemaCollection();
  const errors = new ErrorResponses(schemas.convert(ErrorBody, "output"));
  const paths: OpenApiDocument["paths"] = {};
  const ids = new Set<string>();
  const converted = endpoints.map((endpoint) => [endpoint, toParts(endpoint, schemas)] as const);
  const named = schemas.all();
  for (const [endpoint, parts] of converted) {
    if (ids.has(endpoint.id)) throw new Error(`Two endpoints are named ${endpoint.id}`);
    ids.add(endpoint.id);
    const path = (paths[endpoint.path.replace(/:(\w+)(?:\{[^}]*\})?/g, "{$1}")] ??= {});
    path[endpoint.method.toLowerCase()] = toOperation(endpoint, parts, errors, named);
  }
  // Not an endpoint's, but what any other path or method is answered with.
  errors.add(404, ["NOT_FOUND"]);
  errors.add(405, ["METHOD_NOT_ALLOWED"]);
  return {
    openapi: "3.1.1",
    info: {
      title: "InfraAudit API",
      version: API_VERSION,
      description: DESCRIPTION,
      license: { name: "Apache 2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: `${baseUrl}/v1`, description: "`/api/v1` and `/functions/v1` are the same." }],
    tags: describeTags(endpoints.map(({ tag }) => tag)),
    paths,
    components: {
      securitySchemes: SECURITY_SCHEMES,
      schemas: named,
      headers: HEADERS,
      responses: errors.all(),
    },
  };
}

const SECURITY_SCHEMES = {
  bearer: {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT or API key",
    description: "A Supabase access token (ES256 or HS256) or an API key `ia_live_…`; both work everywhere.",
  },
  query_token: {
    type: "apiKey",
    in: "query",
    name: "token",
    description:
      "An access token or a stream ticket, for EventSource, which can't send headers. Never a key.",
  },
};

interface Parts {
  readonly params?: JsonSchema;
  readonly query?: JsonSchema;
  readonly body?: JsonSchema;
  readonly answers: readonly { status: number; schema?: JsonSchema }[];
}

function toParts(endpoint: Endpoint, schemas: SchemaCollection): Parts {
  const { params, query, body, success, alternatives = [] } = endpoint;
  return {
    params: params && schemas.convert(params, "input"),
    query: query && schemas.convert(query, "input"),
    body: body && schemas.convert(body, "input"),
    answers: [success, ...alternatives].map(({ status, schema }) => ({
      status,
      schema: schema && schemas.convert(schema, "output"),
    })),
  };
}

function toOperation(
  endpoint: Endpoint,
  parts: Parts,
  errors: ErrorResponses,
  named: Record<string, JsonSchema>,
): Part {
  const { auth, permission } = endpoint;
  const needs = permission ? [permission] : [];
  const parameters = [
    ...toParameters(parts.params, "path"),
    ...toParameters(parts.query, "query").filter(({ name }) => auth !== "stream" || name !== "token"),
    ...(auth === "stream" ? [LAST_EVENT_ID] : []),
  ];
  return {
    operationId: endpoint.id,
    summary: endpoint.summary,
    tags: [endpoint.tag],
    description: permission
      ? `Needs the permission \`${permission}\`.`
      : auth === "none"
      ? "Needs no credential."
      : "Any living credential may call it.",
    security: auth === "none"
      ? []
      : [{ bearer: needs }, ...(auth === "stream" ? [{ query_token: needs }] : [])],
    ...(parameters.length > 0 && { parameters }),
    ...(parts.body && { requestBody: toRequestBody(endpoint, parts.body, named) }),
    responses: { ...toSuccesses(endpoint, parts, named), ...errors.of(endpoint) },
  };
}

const FORM = "application/x-www-form-urlencoded";

const LAST_EVENT_ID = {
  name: "Last-Event-ID",
  in: "header",
  required: false,
  description: "The last event that arrived; what came after it is sent first.",
  schema: { type: "string", maxLength: 20 },
};

function toParameters(schema: JsonSchema | undefined, where: "path" | "query"): Part[] {
  const required = new Set(schema?.required as string[] | undefined);
  return Object.entries((schema?.properties ?? {}) as Record<string, JsonSchema>).map(([name, property]) => {
    const { description, "x-go-name": goName, ...rest } = property;
    return {
      name,
      in: where,
      required: where === "path" || required.has(name),
      ...(description !== undefined && { description }),
      ...(goName !== undefined && { "x-go-name": goName }),
      schema: rest,
    };
  });
}

function toRequestBody(endpoint: Endpoint, schema: JsonSchema, named: Record<string, JsonSchema>): Part {
  return {
    required: !endpoint.body!.safeParse(undefined).success,
    content: {
      [endpoint.bodyType === "form" ? FORM : "application/json"]: {
        schema,
        example: exampleOf(schema, named, true),
      },
    },
  };
}

function toSuccesses(endpoint: Endpoint, parts: Parts, named: Record<string, JsonSchema>): Part {
  const type = endpoint.success.contentType ?? "application/json";
  return Object.fromEntries(parts.answers.map(({ status, schema }) => [String(status), {
    description: status === 204 ? "Done; no body." : endpoint.summary,
    headers: headersOf(status, endpoint),
    ...(schema && {
      content: {
        [type]: type === "text/event-stream"
          ? eventStream(schema, named)
          : { schema, example: exampleOf(schema, named, false) },
      },
    }),
  }]));
}

/** OpenAPI 3.1 has no word for a stream's items; their schema stands in an extension. */
function eventStream(schema: JsonSchema, named: Record<string, JsonSchema>): Part {
  const data = JSON.stringify(exampleOf(schema, named, false));
  return {
    schema: { type: "string", description: "Server-sent events; each `data:` is one item." },
    example: `id: 1\ndata: ${data}\n\n`,
    "x-item-schema": schema,
  };
}

/** Requests made from the OpenAPI document: every operation, with what it asks for and with what it doesn't. */
import { Buffer } from "node:buffer";
import * as fc from "fast-check";
import { brokenValue, type Json, validValue } from "./schema_values.ts";

/** Who sends a request; the test knows their credentials. */
export const SENDERS = ["owner", "admin", "user", "viewer", "stranger", "key", "read key"] as const;
export type Sender = (typeof SENDERS)[number];

export interface FuzzRequest {
  readonly method: string;
  /** Below the function's own path, with the query. */
  readonly path: string;
  /** A sender's credential, or a header as it stands. */
  readonly credential: { sender: Sender } | { header: string | undefined };
  readonly headers: Record<string, string>;
  readonly body: Uint8Array<ArrayBuffer> | undefined;
}

/**
 * Password hashing costs most of a second's tenth, and a sign-out its sender the session: a share of them is enough. A
 * sender that is erased sends no more.
 */
const SHARES: Record<string, number> = { login: 1, register: 1, logout: 1, eraseMe: 0 };
const USUAL_SHARE = 8;

const ID = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 15 }).map(String) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...["0", "-1", "1.5", "+1", "0x1", "1e3", "9007199254740993", "99999999999999999999", "7".repeat(4000)],
      ...[
        "abc",
        "null",
        "%00",
        "%ff",
        "%ZZ",
        "%2e%2e",
        "..",
        "%20",
        "1%2F2",
        "%F0%9F%98%80",
        "1;2",
        "1,2",
        "*",
      ],
    ),
  },
);

const SENDER = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...SENDERS).map((sender) => ({ sender })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<{ header: string | undefined }>(
      { header: undefined },
      ...[
        ...[
          "",
          "Bearer",
          "Bearer ",
          "Basic dXNlcjpwYXNz",
          "Bearer a b",
          "Bearer x.y.z",
          "bearer eyJhbGciOiJub25lIn0.e30.",
        ],
        ...[
          "Bearer ia_live_",
          "Bearer ia_ticket_x",
          `Bearer ${"a".repeat(9000)}`,
          "Bearer a, Bearer b",
          "Bearer \u00e9",
        ],
      ].map((header) => ({ header })),
    ),
  },
);

const HEADERS = fc.oneof(
  { weight: 6, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Record<string, string>>(
      { "x-request-id": "x".repeat(500) },
      { "x-forwarded-for": "not an address, ::1%eth0" },
      { "idempotency-key": "fuzz" },
      { "idempotency-key": "é" },
      { "last-event-id": "-1" },
      { origin: "null", accept: "text/html" },
      { "content-length-hint": "1", "content-encoding": "gzip" },
      { "user-agent": "\u00ff".repeat(600) },
    ),
  },
);

const BAD_BODIES = fc.constantFrom(
  ...[
    '{"a":',
    "[1,]",
    "nul",
    "\ufeff{}",
    "{}{}",
    '"\\ud800"',
    "1e999",
    '{"a":1,"a":2}',
    "[".repeat(20_000),
    "",
  ]
    .map((body) => Buffer.from(body)),
  Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
);

// deno-lint-ignore no-explicit-any -- the document as it stands in the file
type Document = any;

/**
 * As many requests as asked for; the same for the same seed and document.
 * @param document OpenAPI 3.1
 */
export function makeRequests(document: Document, count: number, seed: number): FuzzRequest[] {
  const operations = Object.entries<Document>(document.paths).flatMap(([path, methods]) =>
    Object.entries<Document>(methods).filter(([method]) => /^(?:get|post|put|patch|delete)$/.test(method))
      .map(([method, operation]) => ({
        weight: SHARES[operation.operationId] ?? USUAL_SHARE,
        arbitrary: requestTo(document, path, method.toUpperCase(), operation),
      }))
  );
  return fc.sample(fc.oneof(...operations), { numRuns: count, seed });
}

function requestTo(
  document: Document,
  path: string,
  method: string,
  operation: Document,
): fc.Arbitrary<FuzzRequest> {
  const parameters: Document[] = operation.parameters ?? [];
  const query = fc.record(
    Object.fromEntries(
      parameters.filter((parameter) => parameter.in === "query").map(({ name, schema }) => [
        name,
        fc.oneof(
          { weight: 4, arbitrary: validValue(document, schema) },
          { weight: 1, arbitrary: brokenValue(document, schema) },
        ),
      ]),
    ),
    { requiredKeys: [] },
  );
  return fc.record({
    method: fc.oneof(
      { weight: 40, arbitrary: fc.constant(method) },
      {
        weight: 1,
        arbitrary: fc.constantFrom("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY"),
      },
    ),
    ids: fc.array(ID, { minLength: 3, maxLength: 3 }),
    query,
    unknown: fc.oneof({ weight: 12, arbitrary: fc.constant("") }, {
      weight: 1,
      arbitrary: fc.constantFrom("a=1", "%ZZ", "a=%00", "page=1&page=2"),
    }),
    credential: SENDER,
    headers: HEADERS,
    body: bodyOf(document, operation),
  }).map(({ method, ids, query, unknown, credential, headers, body: { type, body } }) => {
    let at = 0;
    const filled = path.replaceAll(/\{\w+\}/g, () => ids[at++]!);
    const asked = [
      ...Object.entries(query as Record<string, Json>).map(([name, value]) => `${name}=${inQuery(value)}`),
      unknown,
    ]
      .filter(Boolean);
    return {
      method,
      path: asked.length > 0 ? `${filled}?${asked.join("&")}` : filled,
      credential,
      headers: { ...type !== undefined && { "content-type": type }, ...headers },
      body: method === "GET" || method === "HEAD" ? undefined : body,
    };
  });
}

interface Body {
  readonly type: string | undefined;
  readonly body: Uint8Array<ArrayBuffer> | undefined;
}

function bodyOf(document: Document, operation: Document): fc.Arbitrary<Body> {
  const content = operation.requestBody?.content?.["application/json"];
  const none: Body = { type: undefined, body: undefined };
  if (!content) return fc.constant(none);
  const asJson = (value: Json): Body => ({
    type: "application/json",
    body: bytes(Buffer.from(JSON.stringify(value))),
  });
  return fc.oneof(
    { weight: 8, arbitrary: validValue(document, content.schema).map(asJson) },
    { weight: 8, arbitrary: brokenValue(document, content.schema).map(asJson) },
    { weight: 1, arbitrary: BAD_BODIES.map((body) => ({ type: "application/json", body: bytes(body) })) },
    {
      weight: 1,
      arbitrary: fc.constantFrom<Body>(none, { type: "text/plain", body: bytes(Buffer.from("{}")) }),
    },
  );
}

function bytes(buffer: Buffer): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer);
}

function inQuery(value: Json): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return encodeURIComponent(text.toWellFormed()).slice(0, 6000);
}

/** The response headers of the contract, for the document and for checks of answers against it. */
import type { Endpoint } from "../contracts/endpoint.ts";
import type { JsonSchema } from "./schemas.ts";

interface Header {
  readonly description: string;
  readonly schema: JsonSchema;
  readonly required?: boolean;
}

const whole: JsonSchema = { type: "integer", minimum: 0 };

/** `components.headers`, by the name they are sent under. */
export const HEADERS: Record<string, Header> = {
  "X-Request-Id": {
    description: "Identifies this request in errors and in the server's log.",
    schema: { type: "string", minLength: 8, maxLength: 64 },
    required: true,
  },
  "Cache-Control": {
    description: "Answers of this API are never cached.",
    schema: { type: "string", const: "no-store" },
    required: true,
  },
  "X-RateLimit-Limit": { description: "Requests per minute allowed for this credential.", schema: whole },
  "X-RateLimit-Remaining": { description: "Requests left in this minute.", schema: whole },
  "X-RateLimit-Reset": { description: "When the count starts again.", schema: whole },
  "RateLimit": {
    description: "The same in the format of the IETF draft *RateLimit header fields for HTTP*.",
    schema: { type: "string" },
  },
  "RateLimit-Policy": {
    description: "The limit and its window, in the format of the IETF draft.",
    schema: { type: "string" },
  },
  "X-API-Key-Expires": {
    description: "When your API key expires; sent only in its last 14 days.",
    schema: { type: "string" },
  },
  "WWW-Authenticate": {
    description: "The challenge of RFC 6750 §3.",
    schema: { type: "string", pattern: '^Bearer realm="infraaudit"' },
    required: true,
  },
  "Retry-After": { description: "Seconds to wait.", schema: whole, required: true },
  "Allow": { description: "The methods this route allows.", schema: { type: "string" }, required: true },
  "X-Accel-Buffering": {
    description: "Tells proxies not to buffer events.",
    schema: { type: "string", const: "no" },
  },
};

const ALWAYS = ["X-Request-Id", "Cache-Control"];
const OF_A_CALLER = [
  "X-RateLimit-Limit",
  "X-RateLimit-Remaining",
  "X-RateLimit-Reset",
  "RateLimit",
  "RateLimit-Policy",
  "X-API-Key-Expires",
];

/** References to the headers that an answer with this status can carry. */
export function headersOf(status: number, endpoint?: Endpoint): Record<string, { $ref: string }> {
  const names = [
    ...ALWAYS,
    ...(endpoint && endpoint.auth !== "none" ? OF_A_CALLER : []),
    ...(endpoint?.success.contentType === "text/event-stream" && status < 300 ? ["X-Accel-Buffering"] : []),
    ...(status === 401 || (status === 403 && endpoint?.auth !== "none") ? ["WWW-Authenticate"] : []),
    ...(status === 429 || status === 503 ? ["Retry-After"] : []),
    ...(status === 405 ? ["Allow"] : []),
  ];
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

/** Which errors an endpoint can answer, and what each is for a reader of the document. */
import type { Endpoint } from "../contracts/endpoint.ts";
import { ERROR_STATUS, type ErrorCode } from "../contracts/errors.ts";
import { headersOf } from "./headers.ts";
import type { JsonSchema } from "./schemas.ts";

/** One sentence for each code: the document's description and its example. */
const ERROR_SENTENCES: Record<ErrorCode, string> = {
  INVALID_REQUEST: "The body is not valid JSON.",
  VALIDATION_FAILED: "The request has invalid values.",
  TOKEN_MISSING: "Authentication required. Send Authorization: Bearer <token or API key>.",
  TOKEN_INVALID: "The token is not valid.",
  TOKEN_EXPIRED: "The token has expired.",
  SESSION_REVOKED: "Your session has ended. Sign in again.",
  API_KEY_INVALID: "The API key is not valid.",
  API_KEY_EXPIRED: "The API key has expired.",
  API_KEY_REVOKED: "The API key has been revoked.",
  MFA_REQUIRED: "Enter your second factor to continue.",
  INVALID_CREDENTIALS: "Wrong email or password.",
  FORBIDDEN: "You may not do this.",
  REAUTHENTICATION_REQUIRED: "Sign in again to do this.",
  NOT_FOUND: "Nothing has this id.",
  METHOD_NOT_ALLOWED: "PUT is not allowed here.",
  CONFLICT: "This is already taken.",
  PAYLOAD_TOO_LARGE: "The body may have at most 1048576 bytes.",
  UNSUPPORTED_MEDIA_TYPE: "Send the body as Content-Type: application/json.",
  UNPROCESSABLE: "This isn't possible in the current state.",
  RATE_LIMITED: "Too many requests. Try again later.",
  INTERNAL: "Something went wrong on our side.",
  UNAVAILABLE: "A dependency is down.",
};

const OF_EVERY_ENDPOINT: ErrorCode[] = ["INTERNAL", "UNAVAILABLE"];
const OF_A_CREDENTIAL: ErrorCode[] = [
  "INVALID_REQUEST",
  "TOKEN_MISSING",
  "TOKEN_INVALID",
  "TOKEN_EXPIRED",
  "SESSION_REVOKED",
  "API_KEY_INVALID",
  "API_KEY_EXPIRED",
  "API_KEY_REVOKED",
  "MFA_REQUIRED",
  "FORBIDDEN",
  "RATE_LIMITED",
];
const OF_A_BODY: ErrorCode[] = [
  "INVALID_REQUEST",
  "VALIDATION_FAILED",
  "PAYLOAD_TOO_LARGE",
  "UNSUPPORTED_MEDIA_TYPE",
];

/** Every code an endpoint can answer: those of its kind and those it names itself, in the table's order. */
function codesOf(endpoint: Endpoint): ErrorCode[] {
  const codes = new Set<ErrorCode>([
    ...OF_EVERY_ENDPOINT,
    ...(endpoint.auth === "none" ? [] : OF_A_CREDENTIAL),
    ...(endpoint.params || endpoint.query ? ["VALIDATION_FAILED" as const] : []),
    ...(endpoint.body ? OF_A_BODY : []),
    ...(endpoint.errors ?? []),
  ]);
  return (Object.keys(ERROR_STATUS) as ErrorCode[]).filter((code) => codes.has(code));
}

/** The error responses of a document: each distinct one once, under a name made of its codes. */
export class ErrorResponses {
  readonly #error: JsonSchema;
  readonly #named = new Map<string, Record<string, unknown>>();

  /** @param error the schema of the one error shape */
  constructor(error: JsonSchema) {
    this.#error = error;
  }

  /** References to an endpoint's error responses, by status. */
  of(endpoint: Endpoint): Record<string, { $ref: string }> {
    const byStatus = Map.groupBy(codesOf(endpoint), (code) => ERROR_STATUS[code]);
    return Object.fromEntries(
      [...byStatus].map(([status, codes]) => [String(status), this.add(status, codes, endpoint)]),
    );
  }

  /** @returns a reference to the response, which is added when it is new */
  add(status: number, codes: ErrorCode[], endpoint?: Endpoint): { $ref: string } {
    const name = nameOf(status, codes) + (endpoint && endpoint.auth !== "none" ? "" : "ForAnyone");
    if (!this.#named.has(name)) this.#named.set(name, this.#toResponse(status, codes, endpoint));
    return { $ref: `#/components/responses/${name}` };
  }

  /** `components.responses`. */
  all(): Record<string, Record<string, unknown>> {
    return Object.fromEntries([...this.#named].sort(([a], [b]) => a < b ? -1 : 1));
  }

  #toResponse(status: number, codes: ErrorCode[], endpoint?: Endpoint): Record<string, unknown> {
    return {
      description: codes.map((code) => `\`${code}\`: ${ERROR_SENTENCES[code]}`).join("\n\n"),
      headers: headersOf(status, endpoint),
      content: {
        "application/json": {
          schema: { allOf: [this.#error, { type: "object", properties: { code: { enum: codes } } }] },
          examples: Object.fromEntries(codes.map((code) => [code, { value: exampleOfError(code) }])),
        },
      },
    };
  }
}

/** The codes in words, such as `ConflictOrUnprocessable`; `Unauthorized` stands for all of a credential's. */
function nameOf(status: number, codes: ErrorCode[]): string {
  const isOfACredential = status === 401 && codes.includes("TOKEN_MISSING");
  const told = isOfACredential ? codes.filter((code) => !OF_A_CREDENTIAL.includes(code)) : codes;
  const words = told.map((code) =>
    code.toLowerCase().replace(/(?:^|_)(.)/g, (_, letter) => letter.toUpperCase())
  );
  return [...(isOfACredential ? ["Unauthorized"] : []), ...words].join("Or");
}

function exampleOfError(code: ErrorCode): Record<string, unknown> {
  return {
    error: ERROR_SENTENCES[code],
    code,
    ...(code === "VALIDATION_FAILED" && {
      details: { issues: [{ path: "body.name", message: "must not be empty" }] },
    }),
    ...(code === "FORBIDDEN" && { details: { required: "resources:write" } }),
    request_id: "0d9f1f6c-5d58-4d43-a3f0-2f6a0c1f5b7e",
    ...(code === "RATE_LIMITED" && { retryAfter: 30 }),
  };
}

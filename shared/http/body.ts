/** Reads a JSON request body: its size bounded while it arrives, its type and its text checked. */
import { ApiError } from "../errors/api_error.ts";

/** Bytes with a buffer of their own; the hosted Deno's TypeScript knows `Uint8Array` without a parameter. */
export type Bytes = ReturnType<Uint8ArrayConstructor["from"]>;

/** Largest body of an ordinary request (contract §3). */
export const MAX_BODY_BYTES = 1024 * 1024;

/**
 * The request's JSON.
 * @param maxBytes refuse more than this, whatever `Content-Length` says
 * @returns the value, or `undefined` for an empty body
 * @throws ApiError PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, or INVALID_REQUEST for what is no JSON in UTF-8
 */
export async function readJson(request: Request, maxBytes = MAX_BODY_BYTES): Promise<unknown> {
  const text = await readText(request, maxBytes);
  if (text !== "" && mediaTypeOf(request) !== "application/json") {
    throw new ApiError("UNSUPPORTED_MEDIA_TYPE", "Send the body as Content-Type: application/json.");
  }
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError("INVALID_REQUEST", "The body is not valid JSON.");
  }
}

/**
 * The parameters of a form-encoded body.
 * @throws ApiError PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, or INVALID_REQUEST for a parameter that is sent twice
 *   (RFC 6749 §3.2)
 */
export async function readForm(request: Request, maxBytes = MAX_BODY_BYTES): Promise<Record<string, string>> {
  const text = await readText(request, maxBytes);
  if (mediaTypeOf(request) !== "application/x-www-form-urlencoded") {
    throw new ApiError(
      "UNSUPPORTED_MEDIA_TYPE",
      "Send the body as Content-Type: application/x-www-form-urlencoded.",
    );
  }
  const parameters = new URLSearchParams(text);
  const names = [...parameters.keys()];
  if (new Set(names).size < names.length) {
    throw new ApiError("INVALID_REQUEST", "A parameter was sent twice.", {
      details: { error: "invalid_request" },
    });
  }
  return Object.fromEntries(parameters);
}

/**
 * The request's body as text.
 * @throws ApiError PAYLOAD_TOO_LARGE, or INVALID_REQUEST for bytes that are not UTF-8
 */
async function readText(request: Request, maxBytes: number): Promise<string> {
  const bytes = await readBytes(request, maxBytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new ApiError("INVALID_REQUEST", "The body is not valid UTF-8.");
  }
}

/**
 * The request's body as it came.
 * @throws ApiError PAYLOAD_TOO_LARGE
 */
export async function readBytes(request: Request, maxBytes: number): Promise<Bytes> {
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) throw tooLarge(maxBytes);
  if (!request.body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

/** The media type of the body without its parameters, in lower case; `undefined` where the request names none. */
export function mediaTypeOf(request: Request): string | undefined {
  return request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
}

function tooLarge(maxBytes: number): ApiError {
  return new ApiError("PAYLOAD_TOO_LARGE", `The body may have at most ${maxBytes} bytes.`);
}

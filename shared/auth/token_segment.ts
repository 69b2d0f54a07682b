/** The segments of a compact JWS (RFC 7515 §7.1), in their one canonical spelling. */
import { Buffer } from "node:buffer";
import { parseStrictObject } from "./strict_json.ts";

/**
 * Decodes base64url and refuses padding, white space and stray trailing bits: one token, one spelling.
 * @returns `undefined` for any other text
 */
export function decodeSegment(segment: string): Buffer | undefined {
  if (!/^[A-Za-z0-9_-]+$/.test(segment)) return undefined;
  const bytes = Buffer.from(segment, "base64url");
  return bytes.toString("base64url") === segment ? bytes : undefined;
}

/** Reads a JSON object in UTF-8 without duplicate members; `undefined` for anything else. */
export function readObject(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    return parseStrictObject(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

/** The text of a file as shells write it: UTF-8, or UTF-16 as PowerShell redirects it. */
import { refuse } from "./input_error.ts";

/**
 * Decodes by the byte order mark, or by where a first ASCII character has its zero byte (RFC 4627, section 3).
 * @returns the text without its byte order mark
 * @throws InputError for bytes that are no text in that encoding
 */
export function decodeText(bytes: Uint8Array): string {
  const encoding = encodingOf(bytes);
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return refuse("body", `is not valid ${encoding.toUpperCase()}`);
  }
}

function encodingOf([first, second]: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return "utf-16le";
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== undefined)) return "utf-16be";
  return "utf-8";
}

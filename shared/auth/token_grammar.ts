/** The compact form of a JWT, judged before any crypto: segments, header, and nothing twice. */
import { decodeSegment, readObject } from "./token_segment.ts";

export interface ParsedToken {
  readonly algorithm: "ES256" | "HS256";
  /** Always present for ES256. Supabase Auth gives HS256 tokens one where it knows their secret by an id. */
  readonly kid: string | undefined;
  readonly claims: Record<string, unknown>;
}

const HEADER_MEMBERS = new Set(["alg", "kid", "typ"]);

/**
 * Splits a compact JWS and reads header and claims; nothing is verified yet (contract §2).
 * @returns `undefined` for anything but three canonical base64url segments, a header of only `alg`, `kid` and
 *   `typ`, ES256 with a `kid` or HS256 with or without one, and claims that are one JSON object without duplicates
 */
export function parseToken(token: string): ParsedToken | undefined {
  const segments = token.split(".");
  if (segments.length !== 3) return undefined;
  const [header, payload, signature] = segments.map(decodeSegment);
  if (!header || !payload || !signature) return undefined;
  const head = readObject(header);
  const claims = readObject(payload);
  if (!head || !claims) return undefined;
  if (!Object.keys(head).every((name) => HEADER_MEMBERS.has(name))) return undefined;
  if (head.typ !== undefined && head.typ !== "JWT") return undefined;
  const { alg, kid } = head;
  if (kid !== undefined && typeof kid !== "string") return undefined;
  if (alg === "HS256") return { algorithm: alg, kid, claims };
  return alg === "ES256" && kid !== undefined ? { algorithm: alg, kid, claims } : undefined;
}

/** The ES256 keys that a hosted project's Auth signs with, and the public set it publishes. */
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from "jose";
import { StackError } from "../stack_error.ts";

/** A private P-256 key (RFC 7518 §6.2.2) with its `kid`. */
export interface PrivateJwk extends JWK {
  kty: "EC";
  crv: "P-256";
  x: string;
  y: string;
  d: string;
  kid: string;
  alg: "ES256";
}

/** Makes a new private signing key; its `kid` is its thumbprint (RFC 7638). */
export async function makeSigningJwk(): Promise<PrivateJwk> {
  const { privateKey } = await generateKeyPair("ES256", { extractable: true });
  return await completeJwk(await exportJWK(privateKey));
}

/**
 * Reads the private keys of a file: one JWK or a list, as `signing_keys_path` of the Supabase CLI takes.
 * The first signs, all are published.
 * @throws StackError when the file is missing, is not JSON, or has a key that is not a private ES256 one
 */
export async function readSigningKeys(path: string): Promise<PrivateJwk[]> {
  let content: unknown;
  try {
    content = JSON.parse(await Deno.readTextFile(path));
  } catch (cause) {
    const why = cause instanceof Deno.errors.NotFound ? "there is no such file" : "it is not JSON";
    throw new StackError(`The signing keys can't be read from ${path}: ${why}.`, { cause });
  }
  const list = Array.isArray(content) ? content : [content];
  if (list.length === 0) throw new StackError(`${path} holds no signing key.`);
  return await Promise.all(list.map(async (entry) => {
    try {
      return await completeJwk(entry);
    } catch (cause) {
      throw new StackError(`${path} may only hold private ES256 keys (EC, P-256) as JWKs.`, { cause });
    }
  }));
}

/** The public half, as the JWKS shows it. */
export function toPublicJwk({ kty, crv, x, y, kid, alg }: PrivateJwk): JWK {
  return { kty, crv, x, y, kid, alg, use: "sig", key_ops: ["verify"], ext: true };
}

async function completeJwk(jwk: JWK): Promise<PrivateJwk> {
  const { kty, crv, x, y, d } = jwk;
  if (kty !== "EC" || crv !== "P-256" || !x || !y || !d || (jwk.alg ?? "ES256") !== "ES256") {
    throw new TypeError("not a private ES256 key");
  }
  const kid = jwk.kid ?? await calculateJwkThumbprint(jwk);
  const key: PrivateJwk = { kty: "EC", crv: "P-256", x, y, d, alg: "ES256", kid };
  await importJWK(key, "ES256");
  return key;
}

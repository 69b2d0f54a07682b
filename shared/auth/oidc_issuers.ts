/** The key sets of the identity providers that trust policies name, found by OIDC discovery. */
import { importJWK, type JWK } from "jose";
import { z } from "zod";
import { fetchForeignJson, type ForeignFetchOptions } from "../outbound/foreign_fetch.ts";
import { Jwks, type KeySet } from "./jwks.ts";
import { Recent } from "./recent.ts";

const REMEMBERED_ISSUERS = 200;
const MOST_KEYS = 50;
const SHORTEST_RSA_BITS = 2048;

const Discovery = z.looseObject({ issuer: z.string(), jwks_uri: z.url() });

export class OidcIssuers {
  readonly #options: ForeignFetchOptions;
  readonly #sets = new Recent<Jwks>(REMEMBERED_ISSUERS);

  constructor(options: ForeignFetchOptions) {
    this.#options = options;
  }

  /**
   * An issuer's public key. Sets are cached and fetched as the project's own is (jwks.ts): ten minutes, one fetch at a
   * time, two seconds, at most one more for unknown ids in thirty.
   * @param issuer as it stands in a trust policy: only those are ever asked
   * @returns `undefined` when the issuer has no such key
   * @throws ApiError UNAVAILABLE when no set is known and the issuer does not answer, or not as it should
   */
  find(issuer: string, kid: string): Promise<CryptoKey | undefined> {
    let set = this.#sets.get(issuer);
    if (!set) {
      set = new Jwks({
        url: `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`,
        importKeys: importForeignKeys,
        fetch: (url, { signal }) => this.#fetchSet(issuer, new URL(url), signal),
      });
      this.#sets.set(issuer, set);
    }
    return set.find(kid);
  }

  /** OpenID Connect Discovery 1.0 §4: the document must name the very issuer that it was asked for. */
  async #fetchSet(issuer: string, url: URL, signal: AbortSignal): Promise<Response> {
    const discovery = Discovery.parse(await fetchForeignJson(url, signal, this.#options));
    if (discovery.issuer !== issuer) throw new Error(`${url.host} speaks for another issuer`);
    return Response.json(await fetchForeignJson(new URL(discovery.jwks_uri), signal, this.#options));
  }
}

/** Imports RSA, P-256 and Ed25519 verification keys (RFC 7517, RFC 8037) and passes over all others. */
async function importForeignKeys(set: unknown): Promise<KeySet> {
  const keys = new Map<string, CryptoKey>();
  const members = (set as { keys?: unknown } | null)?.keys;
  if (!Array.isArray(members)) throw new TypeError("not a JWK set");
  for (const jwk of members.slice(0, MOST_KEYS) as JWK[]) {
    const algorithm = algorithmOf(jwk);
    if (!algorithm || typeof jwk.kid !== "string") continue;
    const { kty, crv, x, y, n, e } = jwk;
    const key = await importJWK({ kty, crv, x, y, n, e } as JWK, algorithm).catch(() => undefined) as
      | CryptoKey
      | undefined;
    if (key && isStrong(key)) keys.set(jwk.kid, key);
  }
  return keys;
}

function algorithmOf(jwk: JWK | null): "RS256" | "ES256" | "EdDSA" | undefined {
  if (jwk === null || typeof jwk !== "object") return undefined;
  if (jwk.use !== undefined && jwk.use !== "sig") return undefined;
  if (Array.isArray(jwk.key_ops) && !jwk.key_ops.includes("verify")) return undefined;
  const algorithm = jwk.kty === "RSA"
    ? "RS256"
    : jwk.kty === "EC" && jwk.crv === "P-256"
    ? "ES256"
    : jwk.kty === "OKP" && jwk.crv === "Ed25519"
    ? "EdDSA"
    : undefined;
  return jwk.alg === undefined || jwk.alg === algorithm ? algorithm : undefined;
}

function isStrong(key: CryptoKey): boolean {
  const { modulusLength } = key.algorithm as { modulusLength?: number };
  return modulusLength === undefined || modulusLength >= SHORTEST_RSA_BITS;
}

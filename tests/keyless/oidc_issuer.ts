/** A small OIDC issuer of the tests' own: discovery, a key set that can be rotated, and tokens like GitHub's. */
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";

export type Algorithm = "RS256" | "ES256" | "EdDSA";

export interface OidcIssuer {
  /** As in its tokens. */
  readonly url: string;
  /** How often its key set was asked for. */
  fetches: number;
  /** False answers 503 to everything. */
  isUp: boolean;
  /** The issuer that its discovery document names. */
  named: string;
  /** Signs claims over those of a good token of a job on `main`; `undefined` leaves one out. */
  token(
    claims?: Record<string, unknown>,
    options?: { algorithm?: Algorithm; header?: object },
  ): Promise<string>;
  /** New keys in place of the old ones. */
  rotate(): Promise<void>;
  close(): Promise<void>;
}

export const AUDIENCE = "infraaudit";

/** Starts one on this machine. */
export async function startIssuer(): Promise<OidcIssuer> {
  let keys = await makeKeys(1);
  let generation = 1;
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const { pathname } = new URL(request.url);
    if (!issuer.isUp) return new Response("down", { status: 503 });
    if (pathname === "/.well-known/openid-configuration") {
      return Response.json({ issuer: issuer.named, jwks_uri: `${issuer.url}/keys` });
    }
    if (pathname !== "/keys") return new Response("not here", { status: 404 });
    issuer.fetches++;
    return Response.json({ keys: Object.values(keys).map(({ jwk }) => jwk) });
  });
  const url = `http://127.0.0.1:${server.addr.port}`;
  const issuer: OidcIssuer = {
    url,
    fetches: 0,
    isUp: true,
    named: url,
    token: async (claims = {}, { algorithm = "RS256", header = {} } = {}) => {
      const now = Math.floor(Date.now() / 1000);
      const all = {
        iss: url,
        aud: AUDIENCE,
        sub: "repo:acme/infra:ref:refs/heads/main",
        iat: now,
        nbf: now - 5,
        exp: now + 300,
        jti: crypto.randomUUID(),
        repository: "acme/infra",
        repository_owner: "acme",
        repository_id: "4711",
        ref: "refs/heads/main",
        workflow_ref: "acme/infra/.github/workflows/drift.yml@refs/heads/main",
        run_id: "1234567",
        event_name: "push",
        ...claims,
      };
      const { key, jwk } = keys[algorithm];
      return await new SignJWT(all as never)
        .setProtectedHeader({ typ: "JWT", alg: algorithm, kid: jwk.kid!, ...header })
        .sign(key);
    },
    rotate: async () => void (keys = await makeKeys(++generation)),
    close: () => server.shutdown(),
  };
  return issuer;
}

async function makeKeys(generation: number) {
  const make = async (algorithm: Algorithm): Promise<{ key: CryptoKey; jwk: JWK }> => {
    const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
    const jwk = {
      ...await exportJWK(publicKey),
      kid: `${algorithm}-${generation}`,
      alg: algorithm,
      use: "sig",
    };
    return { key: privateKey as CryptoKey, jwk };
  };
  return { RS256: await make("RS256"), ES256: await make("ES256"), EdDSA: await make("EdDSA") };
}

/** The cast with an OIDC issuer beside it, and a call for exchanging its tokens. */
import type { StackOptions } from "../../dev/stack.ts";
import { ID_TOKEN_TYPE, TOKEN_EXCHANGE_GRANT } from "../../shared/contracts/token_exchange.ts";
import { type Answer, type Cast, gatherCast } from "../http/cast.ts";
import { checkedFetch } from "../http/contract.ts";
import { AUDIENCE, type OidcIssuer, startIssuer } from "./oidc_issuer.ts";

export interface KeylessStack {
  readonly cast: Cast;
  readonly issuer: OidcIssuer;
  /** Organization "Demo". */
  readonly organization: number;
  /** Exchanges an id token; parameters replace those of a good request, `undefined` leaves one out. */
  exchange(idToken: string, parameters?: Record<string, string | undefined>): Promise<Answer>;
  /** Makes a policy as the owner, over one that trusts `acme/infra` on `main`. */
  trust(changes?: Record<string, unknown>): Promise<Answer>;
  /** Takes all policies away. */
  trustNobody(): Promise<void>;
}

/** Starts both; they end after the file's last test. */
export async function startKeyless(options: StackOptions = {}): Promise<KeylessStack> {
  const issuer = await startIssuer();
  Deno.test.afterAll(() => issuer.close());
  const { variables, ...others } = options;
  const cast = await gatherCast({ ...others, variables: { LOCAL_OIDC_ORIGINS: issuer.url, ...variables } });
  const ask = checkedFetch();
  const [demo] = await cast.stack.database.query<{ id: number }>(
    "select id from public.organizations where name = 'Demo'",
  );
  return {
    cast,
    issuer,
    organization: demo!.id,
    exchange: async (idToken, parameters = {}) => {
      const sent = {
        grant_type: TOKEN_EXCHANGE_GRANT,
        subject_token: idToken,
        subject_token_type: ID_TOKEN_TYPE,
        audience: String(demo!.id),
        ...parameters,
      };
      const body = new URLSearchParams(
        Object.entries(sent).filter((entry): entry is [string, string] => entry[1] !== undefined),
      );
      const response = await ask(`${cast.stack.url}/v1/auth/token`, { method: "POST", body });
      return { status: response.status, body: await response.json(), headers: response.headers };
    },
    trust: (changes = {}) =>
      cast.call("owner", "POST", "/v1/settings/trust-policies", {
        name: "Deploys of main",
        issuer: issuer.url,
        audience: AUDIENCE,
        conditions: { repository: "acme/infra", ref: "refs/heads/main" },
        scopes: ["resources:read", "resources:write", "drifts:read"],
        ...changes,
      }),
    trustNobody: async () => void await cast.stack.database.query("delete from public.trust_policies"),
  };
}

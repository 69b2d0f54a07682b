/** MCP over HTTP: the credential is admitted as everywhere, and every tool acts under row-level security. */
import { PERMISSIONS } from "../../../shared/contracts/permissions.ts";
import { callMcp, getMcpResource } from "../../../shared/contracts/mcp.ts";
import { baseApp } from "../../../shared/http/base_app.ts";
import { Reply } from "../../../shared/http/call.ts";
import type { Deps } from "../../../shared/http/deps.ts";
import { openRoute, route } from "../../../shared/http/route.ts";

/** Where the public finds the metadata, by RFC 9728 §3.1, beneath the proxy; without one, beneath the function. */
const WELL_KNOWN = "/.well-known/oauth-protected-resource";

export function createApp(deps: Deps) {
  const app = baseApp(deps);
  const { publicBaseUrl, supabaseUrl, issuers } = deps.env;
  const isBehindProxy = !publicBaseUrl.startsWith(supabaseUrl);
  const resource = isBehindProxy ? `${publicBaseUrl}/v1/mcp` : `${supabaseUrl}/functions/v1/mcp`;
  const metadata = isBehindProxy ? `${publicBaseUrl}${WELL_KNOWN}/v1/mcp` : `${resource}${WELL_KNOWN}`;

  // RFC 9728 §5.1: a client without a good credential learns where to ask for one.
  app.use("/mcp", async (c, next) => {
    await next();
    const challenge = c.res.headers.get("WWW-Authenticate");
    if (c.res.status === 401 && challenge) {
      c.res.headers.set("WWW-Authenticate", `${challenge}, resource_metadata="${metadata}"`);
    }
  });

  openRoute(app, deps, getMcpResource, () =>
    Promise.resolve({
      resource,
      authorization_servers: [...issuers],
      scopes_supported: [...PERMISSIONS],
      bearer_methods_supported: ["header" as const],
      resource_name: "InfraAudit",
    }));

  route(app, deps, callMcp, async ({ body, db, facts, principal }) => {
    // Loaded when it is first asked for: the protocol's library is larger than all the rest.
    const { answerMessage } = await import("./server.ts");
    const answer = await answerMessage(body, { deps, db, facts, principal });
    return answer ?? new Reply(202, undefined);
  });

  return app;
}

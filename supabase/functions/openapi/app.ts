/** The API's description over HTTP: the committed document, with this server's address in it. */
import { getOpenApi } from "../../../shared/contracts/openapi.ts";
import { baseApp } from "../../../shared/http/base_app.ts";
import type { Deps } from "../../../shared/http/deps.ts";
import { openRoute } from "../../../shared/http/route.ts";
import document from "../../../openapi.json" with { type: "json" };

export function createApp(deps: Deps) {
  const app = baseApp(deps);
  const here = { ...document, servers: serversOf(deps) };

  openRoute(app, deps, getOpenApi, () => Promise.resolve(here));
  // A function's name can't have a dot: `/openapi.json` arrives at the platform's function as `/openapi`.
  openRoute(app, deps, { ...getOpenApi, path: "/openapi" }, () => Promise.resolve(here));

  return app;
}

function serversOf(deps: Deps) {
  const { publicBaseUrl, supabaseUrl } = deps.env;
  const functions = { url: `${supabaseUrl}/functions/v1`, description: "Without the proxy in front." };
  // Without a proxy the public base, if one is named at all, lies in the project itself.
  if (publicBaseUrl.startsWith(supabaseUrl)) return [functions];
  return [{ url: `${publicBaseUrl}/v1`, description: "`/api/v1` is the same." }, functions];
}

/** Leaked credentials over HTTP: revoked on sight, no matter who reports them. */
import { baseApp } from "../../../shared/http/base_app.ts";
import type { Deps } from "../../../shared/http/deps.ts";
import { addGithubRoute } from "./github.ts";
import { addRevocationRoute } from "./revocation.ts";

export function createApp(deps: Deps) {
  const app = baseApp(deps);
  addRevocationRoute(app, deps);
  addGithubRoute(app, deps);
  return app;
}

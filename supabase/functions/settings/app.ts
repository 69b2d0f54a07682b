/** The organization's settings over HTTP. Who may do what is decided by row-level security, never in this file. */
import { baseApp } from "../../../shared/http/base_app.ts";
import type { Deps } from "../../../shared/http/deps.ts";
import { addApiKeyRoutes } from "./api_keys.ts";

export function createApp(deps: Deps) {
  const app = baseApp(deps);
  addApiKeyRoutes(app, deps);
  return app;
}

/** Sign-in, registration, refresh, sign-out, and the event stream. */
import { baseApp } from "../../../shared/http/base_app.ts";
import type { Deps } from "../../../shared/http/deps.ts";
import { addSessionRoutes } from "./sessions.ts";
import { addStreamRoute } from "./stream.ts";
import { addTicketRoute } from "./tickets.ts";

export function createApp(deps: Deps) {
  const app = baseApp(deps);
  addSessionRoutes(app, deps);
  addStreamRoute(app, deps);
  addTicketRoute(app, deps);
  return app;
}

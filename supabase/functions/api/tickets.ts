/** Stream tickets over HTTP: for clients that can't send a header, such as EventSource. */
import { createStreamTicket } from "../../../shared/contracts/tickets.ts";
import { refuseIfForbidden } from "../../../shared/db/refusal.ts";
import type { App } from "../../../shared/http/base_app.ts";
import type { Deps } from "../../../shared/http/deps.ts";
import { route } from "../../../shared/http/route.ts";

export function addTicketRoute(app: App, deps: Deps): void {
  route(app, deps, createStreamTicket, async ({ db, caller, principal }) => {
    await refuseIfForbidden(db, "drifts:read");
    return await deps.tickets.issue(await principal(), caller);
  });
}

/** Where a request comes from: its address, agent and id. */
import type { AppContext } from "./base_app.ts";
import type { Origin } from "./call.ts";
import { requestAddress } from "./client_address.ts";
import type { Deps } from "./deps.ts";

const MAX_AGENT_LENGTH = 400;

/** The origin of a request; the agent is cut and stripped to printable ASCII before anything stores it. */
export function readOrigin(c: AppContext, deps: Deps): Origin {
  const address = requestAddress(c.req.raw.headers, deps.env);
  const agent = c.req.header("user-agent") ?? "";
  return {
    request: c.req.raw,
    requestId: c.var.requestId,
    address,
    facts: {
      address,
      user_agent: agent.replace(/[^\x20-\x7e]/g, "?").slice(0, MAX_AGENT_LENGTH),
      request_id: c.var.requestId,
    },
  };
}

/** Stream tickets: what an EventSource sends instead of a header. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { Timestamp } from "./fields.ts";

export const StreamTicket = z.strictObject({
  ticket: z.string().meta({
    description:
      "Use it once as `?token=` of the event stream. It dies with the credential that asked for it.",
  }),
  expires_at: Timestamp,
}).meta({ id: "StreamTicket" });
export type StreamTicket = z.infer<typeof StreamTicket>;

export const createStreamTicket = endpoint({
  id: "createStreamTicket",
  method: "POST",
  path: "/api/ws/tickets",
  tag: "Event stream",
  auth: "bearer",
  permission: "drifts:read",
  summary: "Get a single-use ticket that opens the event stream within 30 seconds",
  success: { status: 201, schema: StreamTicket },
});

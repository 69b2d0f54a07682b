/** The event stream: its endpoint and the shape of its events. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { Timestamp } from "./fields.ts";

export const STREAM_EVENT_TYPES = ["connected", "drift_detected", "drift_resolved", "scan_progress"] as const;

export const StreamEvent = z.strictObject({
  type: z.enum(STREAM_EVENT_TYPES),
  data: z.record(z.string(), z.unknown()),
  timestamp: Timestamp,
}).meta({ id: "StreamEvent", description: "The `data:` of one unnamed server-sent event." });
export type StreamEvent = z.infer<typeof StreamEvent>;

export const streamDrifts = endpoint({
  id: "streamDrifts",
  method: "GET",
  path: "/api/ws/drifts",
  tag: "Event stream",
  auth: "stream",
  permission: "drifts:read",
  summary: "Drift events as they happen, as server-sent events",
  query: z.object({
    token: z.string().optional().meta({
      description: "An access token or a stream ticket, for EventSource.",
    }),
    last_event_id: z.string().max(20).optional().meta({ description: "As the Last-Event-ID header." }),
  }),
  success: { status: 200, schema: StreamEvent, contentType: "text/event-stream" },
  errors: ["INVALID_REQUEST", "RATE_LIMITED"],
});

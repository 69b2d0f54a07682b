/** The event stream: its endpoint, and one schema for each type of event. */
import { z } from "zod";
import { DriftResolution, DriftSeverity, DriftStatus, DriftType } from "./drifts.ts";
import { endpoint } from "./endpoint.ts";
import { Id, Timestamp } from "./fields.ts";
import { ImportCounts } from "./imports.ts";

const count = z.int().nonnegative();

const driftData = {
  id: Id,
  resource_id: Id,
  resource_name: z.string(),
  resource_type: z.string(),
  field_path: z.string(),
  drift_type: DriftType,
  severity: DriftSeverity,
  status: DriftStatus,
  summary: z.string(),
  detected_at: Timestamp,
};

/** One event type: `{type, data, timestamp}`. */
function event<Type extends string, Data extends z.ZodType>(type: Type, description: string, data: Data) {
  return z.strictObject({ type: z.literal(type), data, timestamp: Timestamp }).meta({ description });
}

export const ConnectedEvent = event(
  "connected",
  "The first event of every connection.",
  z.strictObject({
    organization_id: z.int().nonnegative().meta({ description: "0 if you are in no organization." }),
    last_event_id: z.int().nonnegative(),
    complete: z.boolean().meta({ description: "False if events since your last id are no longer kept." }),
  }),
);

export const DriftDetectedEvent = event(
  "drift_detected",
  "A drift was detected, or an open one changed.",
  z.strictObject(driftData),
);

export const DriftResolvedEvent = event(
  "drift_resolved",
  "A drift was resolved.",
  z.strictObject({ ...driftData, resolution: DriftResolution, resolved_at: Timestamp }),
);

export const ScanProgressEvent = event(
  "scan_progress",
  "Progress of a detection, or the result of an import.",
  z.discriminatedUnion("scan", [
    z.strictObject({
      scan: z.literal("detection"),
      job_id: z.uuid(),
      status: z.enum(["running", "completed", "failed"]),
      checked: count,
      drifted: count,
      total: count.meta({ description: "Resources to compare." }),
    }),
    ImportCounts.extend({
      scan: z.literal("import"),
      source: z.string().nullable(),
      status: z.literal("completed"),
    }),
  ]),
);

export const StreamEvent = z.discriminatedUnion("type", [
  ConnectedEvent,
  DriftDetectedEvent,
  DriftResolvedEvent,
  ScanProgressEvent,
]).meta({ id: "StreamEvent", description: "The `data:` of one unnamed server-sent event." });
export type StreamEvent = z.infer<typeof StreamEvent>;

export const streamDrifts = endpoint({
  id: "streamDrifts",
  method: "GET",
  path: "/api/ws/drifts",
  tag: "Event stream",
  auth: "stream",
  permission: "drifts:read",
  summary: "Follow drift events as server-sent events",
  query: z.object({
    token: z.string().optional().meta({
      description: "An access token or a stream ticket, for EventSource.",
    }),
    last_event_id: z.string().max(20).optional().meta({
      description: "The same as the Last-Event-ID header.",
    }),
  }),
  success: { status: 200, schema: StreamEvent, contentType: "text/event-stream" },
  errors: ["INVALID_REQUEST", "RATE_LIMITED"],
});

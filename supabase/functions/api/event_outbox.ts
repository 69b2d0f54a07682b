/** Reads the outbox of events, and asks with the same call which readers' credentials still live. */
import { z } from "zod";
import type { ServiceDatabase } from "../../../shared/db/client.ts";
import { toJson } from "../../../shared/db/json.ts";
import { unwrap } from "../../../shared/db/unwrap.ts";

/** Whose stream it is, as admission found it. */
export interface Subscriber {
  user_id: string;
  session_id: string | null;
  /** Of the access token, seconds since 1970; judges tokens that have no session. */
  issued_at: number | null;
  api_key_id: number | null;
}

const OutboxEvent = z.object({
  id: z.int(),
  type: z.enum(["drift_detected", "drift_resolved", "scan_progress"]),
  data: z.record(z.string(), z.unknown()),
  created_at: z.string(),
});
export type OutboxEvent = z.infer<typeof OutboxEvent>;

const Look = z.object({
  /** Positions in the asked subscribers of those whose credential has died. */
  dead: z.array(z.int()),
  /** After the asked id, in order, at most {@link LOOK_LIMIT}. */
  events: z.array(OutboxEvent),
  /** The newest event's id, 0 before the first. */
  last_id: z.int(),
  /** The oldest event that is still kept; null where none is. */
  oldest_id: z.int().nullable(),
});
export type Look = z.infer<typeof Look>;

/** Events of one look: what a stream's buffer holds with ease. */
export const LOOK_LIMIT = 200;

/**
 * One look at an organization's outbox.
 * @param after the last id seen; null asks for no events, only where the outbox stands
 */
export type LookAt = (
  organizationId: number,
  subscribers: readonly Subscriber[],
  after: number | null,
) => Promise<Look>;

/**
 * The look at the database.
 * @returns a function that throws ApiError UNAVAILABLE while the database does not answer
 */
export function lookInto(service: ServiceDatabase): LookAt {
  return async (organizationId, subscribers, after) =>
    // Service key: the look is the streams' admission; Postgres gives out events only for living principals.
    Look.parse(unwrap(
      await service.rpc("follow_events", {
        p_organization_id: organizationId,
        p_subscribers: toJson(subscribers),
        p_after: after ?? undefined,
        p_limit: LOOK_LIMIT,
      }),
    ));
}

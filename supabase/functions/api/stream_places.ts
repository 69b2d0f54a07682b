/** How many event streams a principal may have open: counted in the database, over all isolates. */
import type { ServiceDatabase } from "../../../shared/db/client.ts";
import { unwrap } from "../../../shared/db/unwrap.ts";
import { ApiError } from "../../../shared/errors/api_error.ts";
import type { Subscriber } from "./event_outbox.ts";

const MAX_STREAMS_PER_PRINCIPAL = 10;
const TOO_MANY_RETRY_SECONDS = 10;
/** What a stream may take beyond its time to open and to end. */
const GRACE_SECONDS = 30;

/**
 * Takes a place for one more stream.
 * @param maxSeconds after which the stream ends by itself; its place is free soon after, whatever happens to us
 * @returns gives the place back; never rejects
 * @throws ApiError RATE_LIMITED when {@link MAX_STREAMS_PER_PRINCIPAL} are open, UNAVAILABLE without the database
 */
export async function takeStreamPlace(
  service: ServiceDatabase,
  { user_id, api_key_id }: Subscriber,
  maxSeconds: number,
): Promise<() => Promise<void>> {
  const place = unwrap(
    await service.rpc("open_stream", {
      p_user_id: user_id,
      p_api_key_id: api_key_id as number,
      p_limit: MAX_STREAMS_PER_PRINCIPAL,
      p_seconds: maxSeconds + GRACE_SECONDS,
    }),
  ) as string | null;
  if (place === null) {
    throw new ApiError(
      "RATE_LIMITED",
      `At most ${MAX_STREAMS_PER_PRINCIPAL} event streams may be open with one credential's owner.`,
      { retryAfterSeconds: TOO_MANY_RETRY_SECONDS },
    );
  }
  // An error is no matter: the place ends by itself.
  return async () => void await service.rpc("close_stream", { p_place: place });
}

/** Who may wake the worker: whoever has its secret, and the database, with a word that opens once. */
import { createHash, timingSafeEqual } from "node:crypto";
import { findCredential } from "../../../shared/auth/credential.ts";
import { unwrap } from "../../../shared/db/unwrap.ts";
import { ApiError } from "../../../shared/errors/api_error.ts";
import type { Deps } from "../../../shared/http/deps.ts";

const WAKE_UP = /^wake_[0-9a-f]{64}$/;

/**
 * Asks for the worker's secret, or for a wake-up of the database's, in `Authorization: Bearer`. Who has the secret also
 * tells the database where the worker is: from then on it can call by itself.
 * @throws ApiError TOKEN_MISSING, TOKEN_INVALID or UNAVAILABLE
 */
export async function requireWaker(headers: Headers, { env, service }: Deps): Promise<void> {
  const credential = findCredential(headers);
  if (credential.kind === "token") {
    if (timingSafeEqual(digest(credential.token), digest(env.jobsSecret))) {
      // Service key, as below: who wakes the worker is no principal.
      unwrap(await service.rpc("note_worker", { p_url: `${env.supabaseUrl}/functions/v1/jobs/run` }));
      return;
    }
    const p_hash = digest(credential.token).toString("hex");
    if (WAKE_UP.test(credential.token) && unwrap(await service.rpc("redeem_wake_up", { p_hash }))) return;
  }
  throw new ApiError("TOKEN_INVALID", "This isn't the worker's secret (JOBS_SECRET).");
}

function digest(text: string) {
  return createHash("sha256").update(text).digest();
}

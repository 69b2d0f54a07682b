/** The deployment's rule for making keys, told to Postgres, which judges by it at the Data API as well. */
import type { ServiceDatabase } from "../db/client.ts";
import { unwrap } from "../db/unwrap.ts";

/**
 * Tells the rule once in the life of an isolate: a new deployment's isolates bring its new rule.
 * @param maxAuthAgeSeconds how long ago a session may have signed in to administer keys; undefined is any time
 * @returns a function to await before keys are administered; throws `UNAVAILABLE` where Postgres can't be told, and
 *   tries again when asked next
 */
export function createKeyPolicy(service: ServiceDatabase, maxAuthAgeSeconds?: number): () => Promise<void> {
  let told: Promise<void> | undefined;
  return () =>
    told ??= tell().catch((cause) => {
      told = undefined;
      throw cause;
    });

  async function tell(): Promise<void> {
    // Service key: the rule is the deployment's, no caller may set it.
    unwrap(await service.rpc("set_key_policy", { p_max_auth_age_seconds: maxAuthAgeSeconds }));
  }
}

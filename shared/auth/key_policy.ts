/** The deployment's rule for whoever makes keys, told to Postgres, which judges by it. */
import type { Env } from "../config/env.ts";
import type { ServiceDatabase } from "../db/client.ts";
import { unwrap } from "../db/unwrap.ts";

/** Before a key is made, rotated or changed: the rule of the deployment that asks holds. */
export async function tellKeyPolicy({ env, service }: { env: Env; service: ServiceDatabase }): Promise<void> {
  // Service key: the rule is the deployment's, no caller may set it.
  unwrap(await service.rpc("set_key_policy", { p_max_auth_age_seconds: env.keyAdminMaxAuthAgeSeconds }));
}

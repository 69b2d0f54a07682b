/** API keys over HTTP: made, shown once, listed without their secret, revoked. */
import { hashApiKey } from "../../../shared/auth/api_key_hash.ts";
import { drawApiKey } from "../../../shared/auth/api_key.ts";
import {
  type ApiKey,
  createApiKey,
  getApiKey,
  listApiKeys,
  revokeApiKey,
} from "../../../shared/contracts/api_keys.ts";
import { refuseIfForbidden, refuseOrNotFound } from "../../../shared/db/refusal.ts";
import { unwrap } from "../../../shared/db/unwrap.ts";
import type { App } from "../../../shared/http/base_app.ts";
import type { Deps } from "../../../shared/http/deps.ts";
import { route } from "../../../shared/http/route.ts";

const ONE_DAY_MILLISECONDS = 86_400_000;

export function addApiKeyRoutes(app: App, deps: Deps): void {
  route(app, deps, listApiKeys, async ({ db }) => {
    const rows = unwrap(await db.from("api_key_overview").select("*").order("id"))!;
    if (rows.length === 0) await refuseIfForbidden(db, "api_keys:read");
    return rows as ApiKey[];
  });

  route(app, deps, createApiKey, async ({ db, body }) => {
    const key = drawApiKey(deps.env.keyEnvironment);
    const { pepper } = deps.env;
    const row = unwrap(
      await db.rpc("create_api_key", {
        p_name: body.name,
        p_prefix: key.prefix,
        p_hash: hashApiKey(key.text, pepper.current),
        p_pepper_version: pepper.version,
        p_scopes: body.scopes,
        p_expires_at: expiry(body.expires_in_days),
        p_never_expires: body.expires_in_days === null,
        p_allowed_ips: body.allowed_ips,
      }).single(),
    );
    return { ...row as ApiKey, key: key.text };
  });

  route(app, deps, getApiKey, async ({ db, params }) => {
    const row = unwrap(await db.from("api_key_overview").select("*").eq("id", params.id).maybeSingle());
    return (row ?? await refuseOrNotFound(db, "api_keys:read", "api_keys", params.id)) as ApiKey;
  });

  route(app, deps, revokeApiKey, async ({ db, params }) => {
    const isRevoked = unwrap(await db.rpc("revoke_api_key", { p_id: params.id }));
    if (!isRevoked) await refuseOrNotFound(db, "api_keys:write", "api_keys", params.id);
  });
}

/** @returns RFC 3339, or `undefined` for the database's default */
function expiry(days: number | null | undefined): string | undefined {
  return days ? new Date(Date.now() + days * ONE_DAY_MILLISECONDS).toISOString() : undefined;
}

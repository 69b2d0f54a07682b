/** API keys over HTTP: made, rotated, shown once, listed without their secret, changed, revoked. */
import { hashWithLivePeppers } from "../../../shared/auth/api_key_hash.ts";
import { drawApiKey } from "../../../shared/auth/api_key.ts";
import {
  type ApiKey,
  ApiKeyUsage,
  createApiKey,
  DEFAULT_GRACE_SECONDS,
  getApiKey,
  getApiKeyUsage,
  listApiKeys,
  revokeApiKey,
  rotateApiKey,
  updateApiKey,
} from "../../../shared/contracts/api_keys.ts";
import { refuseIfForbidden, refuseOrNotFound } from "../../../shared/db/refusal.ts";
import { unwrap } from "../../../shared/db/unwrap.ts";
import type { App } from "../../../shared/http/base_app.ts";
import type { Deps } from "../../../shared/http/deps.ts";
import { route } from "../../../shared/http/route.ts";

export function addApiKeyRoutes(app: App, deps: Deps): void {
  // Postgres asks for a recent sign-in where the deployment does, so it must know from an isolate's first moment.
  if (deps.env.keyAdminMaxAuthAgeSeconds !== undefined) deps.keyPolicy().catch(() => {});

  route(app, deps, listApiKeys, async ({ db }) => {
    const rows = unwrap(await db.from("api_key_overview").select("*").order("id"))!;
    if (rows.length === 0) await refuseIfForbidden(db, "api_keys:read");
    return rows as ApiKey[];
  });

  route(app, deps, createApiKey, async ({ db, body }) => {
    await deps.keyPolicy();
    const key = drawApiKey(deps.env.keyEnvironment);
    const row = unwrap(
      await db.rpc("create_api_key", {
        p_name: body.name,
        p_prefix: key.prefix,
        p_hashes: hashWithLivePeppers(key.text, deps.env.pepper),
        p_scopes: body.scopes,
        p_life_days: body.expires_in_days ?? undefined,
        p_never_expires: body.expires_in_days === null,
        p_allowed_ips: body.allowed_ips ?? undefined,
        p_rate_limit: body.rate_limit ?? undefined,
      }).single(),
    );
    return { ...row as ApiKey, key: key.text };
  });

  route(app, deps, getApiKey, async ({ db, params }) => {
    const row = unwrap(await db.from("api_key_overview").select("*").eq("id", params.id).maybeSingle());
    return (row ?? await refuseOrNotFound(db, "api_keys:read", "api_keys", params.id)) as ApiKey;
  });

  route(app, deps, getApiKeyUsage, async ({ db, params }) => {
    const usage = ApiKeyUsage.parse(unwrap(await db.rpc("api_key_usage", { p_api_key_id: params.id })));
    if (usage.days.length > 0) return usage;
    // Never used, or not the caller's to see?
    const key = unwrap(await db.from("api_keys").select("id").eq("id", params.id).maybeSingle());
    return key ? usage : await refuseOrNotFound(db, "api_keys:read", "api_keys", params.id);
  });

  route(app, deps, updateApiKey, async ({ db, params, body }) => {
    await deps.keyPolicy();
    const row = unwrap(
      await db.rpc("update_api_key", { p_id: params.id, p_changes: body }).maybeSingle(),
    );
    return (row ?? await refuseOrNotFound(db, "api_keys:write", "api_keys", params.id)) as ApiKey;
  });

  route(app, deps, rotateApiKey, async ({ db, params, body }) => {
    await deps.keyPolicy();
    const key = drawApiKey(deps.env.keyEnvironment);
    const row = unwrap(
      await db.rpc("rotate_api_key", {
        p_id: params.id,
        p_prefix: key.prefix,
        p_hashes: hashWithLivePeppers(key.text, deps.env.pepper),
        p_grace_seconds: body?.grace_seconds ?? DEFAULT_GRACE_SECONDS,
      }).maybeSingle(),
    );
    if (!row) await refuseOrNotFound(db, "api_keys:write", "api_keys", params.id);
    return { ...row as ApiKey, key: key.text };
  });

  route(app, deps, revokeApiKey, async ({ db, params }) => {
    const isRevoked = unwrap(await db.rpc("revoke_api_key", { p_id: params.id }));
    if (!isRevoked) await refuseOrNotFound(db, "api_keys:write", "api_keys", params.id);
  });
}

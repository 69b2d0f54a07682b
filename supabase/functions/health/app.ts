/** Liveness and readiness over HTTP, without a credential. */
import { getHealth, getReadiness } from "../../../shared/contracts/health.ts";
import { fetchWithTimeout } from "../../../shared/db/client.ts";
import { ApiError } from "../../../shared/errors/api_error.ts";
import { baseApp } from "../../../shared/http/base_app.ts";
import type { Deps } from "../../../shared/http/deps.ts";
import { openRoute } from "../../../shared/http/route.ts";

export function createApp(deps: Deps) {
  const app = baseApp(deps);

  openRoute(app, deps, getHealth, () => Promise.resolve({ status: "ok" as const }));

  openRoute(app, deps, getReadiness, async () => {
    const [database, auth, jwks] = await Promise.all([
      isDatabaseUp(deps),
      isAuthUp(deps),
      deps.jwks.isReachable(),
    ]);
    const checks = { database: word(database), auth: word(auth), jwks: word(jwks) };
    if (!database || !auth || !jwks) {
      throw new ApiError("UNAVAILABLE", "A dependency is down.", {
        details: { checks },
        retryAfterSeconds: 5,
      });
    }
    return { status: "ok" as const, checks };
  });

  return app;
}

function word(isUp: boolean): "ok" | "down" {
  return isUp ? "ok" : "down";
}

async function isDatabaseUp(deps: Deps): Promise<boolean> {
  // Service key: readiness asks without a caller. A session that can't exist takes the way of every request.
  const { error } = await deps.service.rpc("admit_session", {
    p_user_id: "00000000-0000-0000-0000-000000000000",
    p_issued_at: new Date(0).toISOString(),
  });
  return error === null;
}

async function isAuthUp(deps: Deps): Promise<boolean> {
  try {
    const response = await fetchWithTimeout(`${deps.env.supabaseUrl}/auth/v1/health`, {
      headers: { apikey: deps.env.publishableKey },
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

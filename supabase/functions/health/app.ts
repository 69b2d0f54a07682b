/** Liveness and readiness over HTTP, without a credential. */
import { z } from "zod";
import { getHealth, getReadiness, type Readiness, ScheduledTask } from "../../../shared/contracts/health.ts";
import { fetchWithTimeout } from "../../../shared/db/client.ts";
import { ApiError } from "../../../shared/errors/api_error.ts";
import { baseApp } from "../../../shared/http/base_app.ts";
import type { Deps } from "../../../shared/http/deps.ts";
import { openRoute } from "../../../shared/http/route.ts";

/** How old an answer about readiness may be. */
const REMEMBERED_MILLISECONDS = 5000;

export function createApp(deps: Deps) {
  const app = baseApp(deps);

  openRoute(app, deps, getHealth, () => Promise.resolve({ status: "ok" as const }));

  const look = remembered(REMEMBERED_MILLISECONDS, async () => {
    const checks = await check(deps);
    return { checks, schedule: checks.database === "ok" ? await showSchedule(deps) : [] };
  });

  openRoute(app, deps, getReadiness, async () => {
    const { checks, schedule } = await look();
    if (Object.values(checks).includes("down")) {
      throw new ApiError("UNAVAILABLE", "A dependency is down.", {
        details: { checks, faults: faultsOf(checks, deps) },
        retryAfterSeconds: 5,
      });
    }
    return { status: "ok" as const, checks, schedule };
  });

  return app;
}

async function check(deps: Deps): Promise<Readiness["checks"]> {
  const [database, auth, jwks] = await Promise.all([
    isDatabaseUp(deps),
    isAuthUp(deps),
    deps.jwks.isReachable(),
  ]);
  // Without it every write and every API key would be refused by the Data API.
  const signingKey = jwks && deps.jwks.hasFresh(deps.env.keySigningJwk.kid);
  return { database: word(database), auth: word(auth), jwks: word(jwks), signing_key: word(signingKey) };
}

/** What is wrong and where to look, in words that anybody may read. */
function faultsOf(checks: Readiness["checks"], { env }: Deps): string[] {
  const words: Record<keyof typeof checks, string> = {
    database: "The Data API or the database doesn't answer, or the migrations are not all there.",
    auth: "Supabase Auth doesn't answer.",
    jwks: "The published signing keys can't be fetched.",
    signing_key:
      `The key ${env.keySigningJwk.kid} of KEY_SIGNING_JWK is not among the published signing keys.`,
  };
  return (Object.keys(words) as (keyof typeof checks)[])
    // Without the set nothing is known about the key.
    .filter((name) => checks[name] === "down" && !(name === "signing_key" && checks.jwks === "down"))
    .map((name) => words[name]);
}

/** Anybody may ask, as often as they like: the dependencies are asked once in a while, one look at a time. */
function remembered<Value>(milliseconds: number, look: () => Promise<Value>): () => Promise<Value> {
  let latest: { value: Promise<Value>; at: number } | undefined;
  return () => {
    if (!latest || performance.now() - latest.at >= milliseconds) {
      latest = { value: look(), at: performance.now() };
    }
    return latest.value;
  };
}

function word(isUp: boolean): "ok" | "down" {
  return isUp ? "ok" : "down";
}

/** Empty where the database can't say: that is told by the checks. */
async function showSchedule(deps: Deps): Promise<Readiness["schedule"]> {
  // Service key: readiness asks without a caller.
  const { data } = await deps.service.rpc("show_schedule");
  return z.array(ScheduledTask).catch([]).parse(data);
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

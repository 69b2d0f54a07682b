/** Who is calling: the person, and the credential. */
import {
  getAddress,
  getMe,
  type Me,
  updateMe,
  type WhoAmI,
  whoami,
} from "../../../shared/contracts/session.ts";
import type { Principal } from "../../../shared/auth/principal.ts";
import { unwrap } from "../../../shared/db/unwrap.ts";
import { ApiError } from "../../../shared/errors/api_error.ts";
import { baseApp } from "../../../shared/http/base_app.ts";
import type { Deps } from "../../../shared/http/deps.ts";
import { route } from "../../../shared/http/route.ts";
import { addAccountRoutes } from "./account.ts";
import { addDeviceRoutes } from "./device.ts";
import { addSecondFactorRoutes } from "./second_factor.ts";
import { addTokenRoute } from "./token.ts";

export function createApp(deps: Deps) {
  const app = baseApp(deps);

  route(app, deps, getMe, async ({ principal }) => toMe(await principal()));

  route(app, deps, updateMe, async ({ db, body, caller }) => {
    unwrap(await db.rpc("update_me", { p_changes: body }));
    return toMe((await caller.recheck()).principal);
  });

  route(app, deps, whoami, async ({ principal, caller }) => toWhoAmI(await principal(), caller.expiresAt));

  route(app, deps, getAddress, ({ address }) => Promise.resolve({ address }));

  addAccountRoutes(app, deps);
  addDeviceRoutes(app, deps);
  addSecondFactorRoutes(app, deps);
  addTokenRoute(app, deps);
  return app;
}

function toMe(principal: Principal): Me {
  return {
    id: principal.profile_id,
    supabase_id: principal.user_id,
    email: principal.email,
    full_name: principal.full_name,
    ...place(principal),
    permissions: principal.permissions,
    created_at: principal.profile_created_at,
  };
}

/** @param tokenEnd seconds since 1970, for a session's token */
function toWhoAmI(principal: Principal, tokenEnd: number | null): WhoAmI {
  return {
    type: principal.api_key_id === null ? "session" : "api_key",
    user: { id: principal.profile_id, email: principal.email },
    ...place(principal),
    permissions: principal.permissions,
    expires_at: tokenEnd === null ? principal.expires_at : new Date(tokenEnd * 1000).toISOString(),
    ...(principal.api_key_id !== null && {
      api_key: {
        id: principal.api_key_id,
        name: principal.api_key_name!,
        prefix: principal.api_key_prefix!,
      },
    }),
  };
}

function place(principal: Principal): Pick<Me, "role" | "organization"> {
  if (principal.role === null || principal.organization_id === null) {
    throw new ApiError("FORBIDDEN", "You're not in an organization. Ask for an invitation.");
  }
  return {
    role: principal.role,
    organization: { id: principal.organization_id, name: principal.organization_name! },
  };
}

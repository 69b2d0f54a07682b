/** One's own sessions and password over HTTP. */
import {
  AccountSession,
  changePassword,
  endOtherSessions,
  endSession,
  eraseMe,
  exportMe,
  listSessions,
  PersonExport,
} from "../../../shared/contracts/account.ts";
import { changeUser, createAuthClient, unwrapAuth } from "../../../shared/auth/supabase_auth.ts";
import { unwrap } from "../../../shared/db/unwrap.ts";
import { ApiError } from "../../../shared/errors/api_error.ts";
import type { App } from "../../../shared/http/base_app.ts";
import type { Deps } from "../../../shared/http/deps.ts";
import { route } from "../../../shared/http/route.ts";
import { wakeWorker } from "../../../shared/jobs/wake.ts";

export function addAccountRoutes(app: App, deps: Deps): void {
  route(app, deps, listSessions, async ({ db }) => {
    const rows = unwrap(await db.rpc("my_sessions"))!;
    return rows.map((row) => AccountSession.parse(row));
  });

  route(app, deps, endSession, async ({ db, params }) => {
    if (!unwrap(await db.rpc("end_my_session", { p_id: params.id }))) {
      throw new ApiError("NOT_FOUND", "You have no such session.");
    }
  });

  route(app, deps, endOtherSessions, async ({ db }) => {
    unwrap(await db.rpc("end_my_other_sessions"));
  });

  route(app, deps, changePassword, async ({ db, body, principal, caller, address }) => {
    const who = await principal();
    // Raises for a key, before anybody's password is tried.
    unwrap(await db.rpc("my_sessions"));
    await deps.signInLimits.attempt(who.email, address, async () => {
      const auth = createAuthClient(deps.env, address);
      const credentials = { email: who.email, password: body.current_password };
      const { session } = unwrapAuth(await auth.signInWithPassword(credentials));
      // Only to know that the password is right.
      await auth.admin.signOut(session.access_token, "local");
    });
    await changeUser(deps.env, address, await caller.dataToken(), { password: body.password });
    unwrap(await db.rpc("end_my_other_sessions"));
    unwrap(await db.rpc("record_password_change"));
  });

  route(app, deps, exportMe, async ({ db }) => PersonExport.parse(unwrap(await db.rpc("export_me"))));

  route(app, deps, eraseMe, async ({ db }) => {
    unwrap(await db.rpc("erase_me"));
    deps.background(wakeWorker(deps.env));
  });
}

/** The team over HTTP: its people, their roles, and their leaving. */
import { changeRole, listTeam, Member, removeMember } from "../../../shared/contracts/team.ts";
import { refuseIfForbidden, refuseOrNotFound } from "../../../shared/db/refusal.ts";
import { unwrap } from "../../../shared/db/unwrap.ts";
import type { App } from "../../../shared/http/base_app.ts";
import type { Deps } from "../../../shared/http/deps.ts";
import { fetchPage } from "../../../shared/http/paging.ts";
import { route } from "../../../shared/http/route.ts";

export function addTeamRoutes(app: App, deps: Deps): void {
  route(app, deps, listTeam, async ({ db, query }) => {
    const select = (options: { count?: "exact" }) => db.from("team_overview").select("*", options);
    const page = await fetchPage({ db, query, permission: "team:read", row: Member, select });
    // A session sees its own membership without any permission, but a team is more than one person.
    if (page.data.length <= 1) await refuseIfForbidden(db, "team:read");
    return page;
  });

  route(app, deps, changeRole, async ({ db, params, body }) => {
    const row = unwrap(
      await db.rpc("change_member_role", { p_profile_id: params.user_id, p_role: body.role }).maybeSingle(),
    );
    return (row ?? await refuseOrNotFound(db, "team:write", "memberships", params.user_id)) as Member;
  });

  route(app, deps, removeMember, async ({ db, params }) => {
    const isRemoved = unwrap(await db.rpc("remove_member", { p_profile_id: params.user_id }));
    if (!isRemoved) await refuseOrNotFound(db, "team:write", "memberships", params.user_id);
  });
}

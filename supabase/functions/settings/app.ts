/** The organization's settings over HTTP. Who may do what is decided by row-level security, never in this file. */
import { baseApp } from "../../../shared/http/base_app.ts";
import type { Deps } from "../../../shared/http/deps.ts";
import { addApiKeyRoutes } from "./api_keys.ts";
import { addAuditLogRoutes } from "./audit_log.ts";
import { addIgnoreRuleRoutes } from "./ignore_rules.ts";
import { addInviteRoutes } from "./invites.ts";
import { addOrganizationRoutes } from "./organization.ts";
import { addTeamRoutes } from "./team.ts";
import { addTrustPolicyRoutes } from "./trust_policies.ts";
import { addWebhookRoutes } from "./webhooks.ts";

export function createApp(deps: Deps) {
  const app = baseApp(deps);
  addApiKeyRoutes(app, deps);
  // Before the team's routes: `/settings/team/invites` is no person.
  addInviteRoutes(app, deps);
  addTeamRoutes(app, deps);
  addAuditLogRoutes(app, deps);
  addIgnoreRuleRoutes(app, deps);
  addOrganizationRoutes(app, deps);
  addTrustPolicyRoutes(app, deps);
  addWebhookRoutes(app, deps);
  return app;
}

/** Every view's path. A view's code is loaded when it is first opened. */
import {
  type AnyRoute,
  createRootRouteWithContext,
  createRoute,
  createRouter,
  redirect,
} from "@tanstack/react-router";
import { INVITE_PAGE_PATH } from "../../../shared/contracts/invite_page.ts";
import { lateView } from "./late.ts";
import {
  toAuditSearch,
  toDeviceCode,
  toDriftSearch,
  toKeySearch,
  toNext,
  toPage,
  toResourceSearch,
  toRiskSearch,
  toSignIn,
  toWelcome,
} from "./search.ts";
import type { Services } from "./services.ts";
import { NotFound, RouteFailure } from "./states.tsx";
import { Outline } from "../ui/page.tsx";

const root = createRootRouteWithContext<Services>()({});

const pages = createRoute({ getParentRoute: () => root, id: "public" });
const signIn = createRoute({
  getParentRoute: () => pages,
  path: "/sign-in",
  validateSearch: toSignIn,
  component: lateView(() => import("../session/sign_in_page.tsx"), "SignInPage"),
});
const signUp = createRoute({
  getParentRoute: () => pages,
  path: "/sign-up",
  validateSearch: toNext,
  component: lateView(() => import("../session/sign_up_page.tsx"), "SignUpPage"),
});
const forgotPassword = createRoute({
  getParentRoute: () => pages,
  path: "/forgot-password",
  component: lateView(() => import("../session/forgot_password_page.tsx"), "ForgotPasswordPage"),
});
const resetPassword = createRoute({
  getParentRoute: () => pages,
  path: "/reset-password",
  validateSearch: toWelcome,
  component: lateView(() => import("../session/reset_password_page.tsx"), "ResetPasswordPage"),
});
const invite = createRoute({
  getParentRoute: () => pages,
  path: INVITE_PAGE_PATH,
  component: lateView(() => import("../session/invite_page.tsx"), "InvitePage"),
});
const reference = createRoute({
  getParentRoute: () => pages,
  path: "/reference",
  component: lateView(() => import("../reference/reference_page.tsx"), "ReferencePage"),
});

const app = createRoute({
  getParentRoute: () => root,
  id: "app",
  component: lateView(() => import("./shell.tsx"), "Shell"),
  beforeLoad: ({ context, location }) => {
    if (context.session.get().status !== "signed_out") return;
    throw redirect({ to: "/sign-in", search: location.pathname === "/" ? {} : { next: location.href } });
  },
});
const home = createRoute({
  getParentRoute: () => app,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/drifts", replace: true });
  },
});
const drifts = createRoute({
  getParentRoute: () => app,
  path: "/drifts",
  validateSearch: toDriftSearch,
  component: lateView(() => import("../drifts/drifts_page.tsx"), "DriftsPage"),
});
const drift = createRoute({
  getParentRoute: () => app,
  path: "/drifts/$id",
  component: lateView(() => import("../drifts/drift_page.tsx"), "DriftPage"),
});
const resources = createRoute({
  getParentRoute: () => app,
  path: "/resources",
  validateSearch: toResourceSearch,
  component: lateView(() => import("../resources/resources_page.tsx"), "ResourcesPage"),
});
const sources = createRoute({
  getParentRoute: () => app,
  path: "/resources/sources",
  component: lateView(() => import("../resources/sources_page.tsx"), "SourcesPage"),
});
const risks = createRoute({
  getParentRoute: () => app,
  path: "/resources/risks",
  validateSearch: toRiskSearch,
  component: lateView(() => import("../resources/risks_page.tsx"), "RisksPage"),
});
const resource = createRoute({
  getParentRoute: () => app,
  path: "/resources/$id",
  component: lateView(() => import("../resources/resource_page.tsx"), "ResourcePage"),
});
const profile = createRoute({
  getParentRoute: () => app,
  path: "/profile",
  component: lateView(() => import("../profile/profile_page.tsx"), "ProfilePage"),
});
const security = createRoute({
  getParentRoute: () => app,
  path: "/security",
  component: lateView(() => import("../security/security_page.tsx"), "SecurityPage"),
});
const device = createRoute({
  getParentRoute: () => app,
  path: "/device",
  validateSearch: toDeviceCode,
  component: lateView(() => import("../device/device_page.tsx"), "DevicePage"),
});
const settings = createRoute({
  getParentRoute: () => app,
  path: "/settings",
  component: lateView(() => import("./settings_layout.tsx"), "SettingsLayout"),
});
const settingsHome = createRoute({
  getParentRoute: () => settings,
  path: "/",
  component: lateView(() => import("./settings_layout.tsx"), "SettingsHome"),
});
const apiKeys = createRoute({
  getParentRoute: () => settings,
  path: "/api-keys",
  validateSearch: toKeySearch,
  component: lateView(() => import("../keys/api_keys_page.tsx"), "ApiKeysPage"),
});
const apiKey = createRoute({
  getParentRoute: () => settings,
  path: "/api-keys/$id",
  component: lateView(() => import("../keys/key_page.tsx"), "KeyPage"),
});
const trustPolicies = createRoute({
  getParentRoute: () => settings,
  path: "/trust-policies",
  component: lateView(() => import("../trust/trust_policies_page.tsx"), "TrustPoliciesPage"),
});
const ignoreRules = createRoute({
  getParentRoute: () => settings,
  path: "/ignore-rules",
  validateSearch: toPage,
  component: lateView(() => import("../ignores/ignore_rules_page.tsx"), "IgnoreRulesPage"),
});
const webhooks = createRoute({
  getParentRoute: () => settings,
  path: "/webhooks",
  component: lateView(() => import("../webhooks/webhooks_page.tsx"), "WebhooksPage"),
});
const team = createRoute({
  getParentRoute: () => settings,
  path: "/team",
  component: lateView(() => import("../team/team_page.tsx"), "TeamPage"),
});
const auditLog = createRoute({
  getParentRoute: () => settings,
  path: "/audit-log",
  validateSearch: toAuditSearch,
  component: lateView(() => import("../audit/audit_log_page.tsx"), "AuditLogPage"),
});

const routeTree = root.addChildren([
  pages.addChildren([signIn, signUp, forgotPassword, resetPassword, invite, reference]),
  app.addChildren([
    home,
    drifts,
    drift,
    resources,
    sources,
    risks,
    resource,
    profile,
    security,
    device,
    settings.addChildren([
      settingsHome,
      apiKeys,
      apiKey,
      trustPolicies,
      ignoreRules,
      webhooks,
      team,
      auditLog,
    ]),
  ]),
]);

/** The router over all views. */
export function createPageRouter(services: Services) {
  return createRouter({
    routeTree,
    context: services,
    defaultPreload: "intent",
    defaultPendingMs: 120,
    defaultPendingComponent: Outline,
    defaultErrorComponent: RouteFailure,
    defaultNotFoundComponent: NotFound,
    notFoundMode: "root",
    scrollRestoration: true,
  });
}

/** The page's router. */
export type PageRouter = ReturnType<typeof createPageRouter>;

/** Starts loading the code of the view at the page's address, beside whatever else is loading. */
export function preloadView(router: PageRouter): void {
  const routes: Record<string, AnyRoute> = router.routesById;
  for (const { routeId } of router.matchRoutes(router.latestLocation)) {
    // A failure shows when the view itself is opened.
    router.loadRouteChunk(routes[routeId]!)?.catch(() => {});
  }
}

declare module "@tanstack/react-router" {
  interface Register {
    router: PageRouter;
  }
}

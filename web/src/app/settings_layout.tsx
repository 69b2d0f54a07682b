/** The settings' sub-navigation around its views. */
import { Link, Navigate, Outlet } from "@tanstack/react-router";
import type { Permission } from "../../../shared/contracts/permissions.ts";
import { useMe } from "../session/use_session.ts";
import { Outline } from "../ui/page.tsx";

const VIEWS = [
  { to: "/settings/api-keys", name: "API Keys", needs: "api_keys:read" },
  { to: "/settings/trust-policies", name: "Keyless access", needs: "api_keys:read" },
  { to: "/settings/ignore-rules", name: "Ignore rules", needs: "drifts:read" },
  { to: "/settings/webhooks", name: "Webhooks", needs: "audit:read" },
  { to: "/settings/team", name: "Team", needs: "team:read" },
  { to: "/settings/audit-log", name: "Audit log", needs: "audit:read" },
] as const satisfies { to: string; name: string; needs: Permission }[];

/** Links to the settings one may see, and the chosen one below. */
export function SettingsLayout() {
  const permissions = useMe().data?.permissions;
  const views = VIEWS.filter(({ needs }) => permissions?.includes(needs));
  return (
    <>
      <nav aria-label="Settings" className="border-b">
        <ul className="mx-auto flex h-12 max-w-6xl items-stretch gap-5 overflow-x-auto px-4 sm:px-8 md:h-14">
          {views.map(({ to, name }) => (
            <li key={to} className="flex">
              <Link
                to={to}
                className="-mb-px flex items-center border-b-2 border-transparent text-[13px] whitespace-nowrap text-muted transition-colors outline-offset-[-4px] hover:text-ink data-[status=active]:border-ink data-[status=active]:font-medium data-[status=active]:text-ink"
              >
                {name}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <Outlet />
    </>
  );
}

/** Leads to the first of the settings that one may see. */
export function SettingsHome() {
  const me = useMe();
  if (!me.data) return <Outline />;
  const view = VIEWS.find(({ needs }) => me.data.permissions.includes(needs));
  return <Navigate to={view?.to ?? "/profile"} replace />;
}

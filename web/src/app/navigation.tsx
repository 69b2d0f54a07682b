/** The main navigation: a column on wide screens, a bar at the bottom on phones. */
import { Link } from "@tanstack/react-router";
import { useLive } from "../stream/live_context.ts";
import { MAIN_VIEWS, NAVIGATION } from "./main_views.ts";

/** Links to the main views. */
export function Navigation() {
  return (
    <nav aria-label="Main" className={NAVIGATION}>
      {MAIN_VIEWS.map(({ to, name, Icon, look }) => (
        <Link key={to} to={to} activeOptions={{ includeSearch: false }} className={look}>
          <Icon aria-hidden />
          {name}
          {to === "/drifts" && <Unseen />}
        </Link>
      ))}
    </nav>
  );
}

/** How many drifts have arrived while another view was looked at. */
function Unseen() {
  const { unseen } = useLive();
  if (unseen === 0) return null;
  return (
    <span className="rounded-full bg-accent px-1.5 text-[11px] leading-4 font-medium text-surface tabular-nums md:ml-auto">
      {unseen}
      <span className="sr-only">new</span>
    </span>
  );
}

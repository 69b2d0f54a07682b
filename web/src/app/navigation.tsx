/** The main navigation: a column on wide screens, a bar at the bottom on phones. */
import { Link } from "@tanstack/react-router";
import { BookOpen, Boxes, CircleUser, GitCompareArrows, Settings } from "lucide-react";
import type { ReactNode } from "react";
import { useLive } from "../stream/live_context.ts";

const ITEM = "flex items-center rounded-md text-muted transition-colors hover:bg-hover hover:text-ink " +
  "aria-[current=page]:text-ink data-[status=active]:text-ink data-[status=active]:font-medium " +
  "md:h-8 md:gap-2.5 md:px-2.5 md:text-[13px] md:data-[status=active]:bg-hover " +
  "max-md:h-14 max-md:flex-1 max-md:flex-col max-md:justify-center max-md:gap-1 max-md:text-[11px] [&_svg]:size-4.5 md:[&_svg]:size-4";

/** Links to the main views. */
export function Navigation() {
  const { unseen } = useLive();
  return (
    <nav aria-label="Main" className="flex gap-0.5 px-2 md:flex-1 md:flex-col md:px-3 md:py-2">
      <Item to="/drifts" icon={<GitCompareArrows aria-hidden />}>
        Drifts
        {unseen > 0 && (
          <span className="rounded-full bg-accent px-1.5 text-[11px] leading-4 font-medium text-surface tabular-nums md:ml-auto">
            {unseen}
            <span className="sr-only">new</span>
          </span>
        )}
      </Item>
      <Item to="/resources" icon={<Boxes aria-hidden />}>Resources</Item>
      <Item to="/settings" icon={<Settings aria-hidden />}>Settings</Item>
      <Item to="/reference" icon={<BookOpen aria-hidden />} className="max-md:hidden">API reference</Item>
      <Item to="/profile" icon={<CircleUser aria-hidden />} className="md:hidden">Profile</Item>
    </nav>
  );
}

function Item({ to, icon, className, children }: {
  to: "/drifts" | "/resources" | "/settings" | "/reference" | "/profile";
  icon: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  return (
    <Link to={to} activeOptions={{ includeSearch: false }} className={`${ITEM} ${className ?? ""}`}>
      {icon}
      {children}
    </Link>
  );
}

/** What the palette offers without searching: the views, and a few things to do. */
import { useNavigate } from "@tanstack/react-router";
import {
  BookOpen,
  Boxes,
  CircleUser,
  GitCompareArrows,
  KeyRound,
  LogOut,
  type LucideIcon,
  Moon,
  ScrollText,
  Sun,
  Users,
} from "lucide-react";
import type { Permission } from "../../../shared/contracts/permissions.ts";
import { useServices } from "../app/services.ts";
import { useTheme } from "../app/theme.ts";
import { useMe } from "../session/use_session.ts";

/** One thing that can be chosen. */
export interface Command {
  id: string;
  name: string;
  hint?: string;
  Icon: LucideIcon;
  run: () => void;
}

const VIEWS = [
  { to: "/drifts", name: "Drifts", Icon: GitCompareArrows },
  { to: "/resources", name: "Resources", Icon: Boxes },
  { to: "/settings/api-keys", name: "API Keys", Icon: KeyRound, needs: "api_keys:read" },
  { to: "/settings/team", name: "Team", Icon: Users, needs: "team:read" },
  { to: "/settings/audit-log", name: "Audit log", Icon: ScrollText, needs: "audit:read" },
  { to: "/profile", name: "Profile", Icon: CircleUser },
  { to: "/reference", name: "API reference", Icon: BookOpen },
] as const satisfies { to: string; name: string; Icon: LucideIcon; needs?: Permission }[];

/** The commands that this person may use. */
export function useCommands(): Command[] {
  const navigate = useNavigate();
  const { session } = useServices();
  const [, setTheme] = useTheme();
  const permissions = useMe().data?.permissions ?? [];
  const views = VIEWS.filter((view) => !("needs" in view) || permissions.includes(view.needs));
  return [
    ...views.map(({ to, name, Icon }) => ({ id: to, name, Icon, run: () => void navigate({ to }) })),
    {
      id: "resolved",
      name: "Resolved drifts",
      Icon: GitCompareArrows,
      run: () => void navigate({ to: "/drifts", search: { status: "resolved" } }),
    },
    {
      id: "critical",
      name: "Critical drifts",
      Icon: GitCompareArrows,
      run: () => void navigate({ to: "/drifts", search: { severity: "critical" } }),
    },
    { id: "dark", name: "Dark theme", Icon: Moon, run: () => setTheme("dark") },
    { id: "light", name: "Light theme", Icon: Sun, run: () => setTheme("light") },
    { id: "sign-out", name: "Sign out", Icon: LogOut, run: () => void session.signOut() },
  ];
}

/** The foot of the sidebar: who is signed in, where, and the way out. */
import { Link } from "@tanstack/react-router";
import { LogOut, Search } from "lucide-react";
import { OPEN_COMMANDS } from "../commands/commands.tsx";
import { useMe, useSession } from "../session/use_session.ts";
import { LiveState } from "../stream/live_state.tsx";
import { Button } from "../ui/button.tsx";
import { Skeleton } from "../ui/feedback.tsx";
import { useServices } from "./services.ts";

/** Person, organization and sign-out; on wide screens only, phones have it in the profile. */
export function Account() {
  const { session } = useServices();
  const state = useSession();
  const { data: me } = useMe();
  const name = me?.full_name ?? me?.email ?? (state.status === "signed_out" ? "" : state.email);
  return (
    <div className="grid gap-1 border-t p-3 max-md:hidden">
      <div className="flex h-8 items-center justify-between pl-2.5">
        <LiveState />
        <Button
          look="ghost"
          size="sm"
          aria-label="Go to, or find ⌘K"
          title="Go to, or find (⌘K or Ctrl+K)"
          onClick={() => dispatchEvent(new Event(OPEN_COMMANDS))}
        >
          <Search aria-hidden />
          <kbd className="font-sans text-xs text-faint">⌘K</kbd>
        </Button>
      </div>
      <Link
        to="/profile"
        className="flex items-center gap-2.5 rounded-md px-2.5 py-1.5 hover:bg-hover data-[status=active]:bg-hover"
      >
        <span
          aria-hidden
          className="grid size-7 shrink-0 place-items-center rounded-full bg-accent-soft text-xs font-semibold text-accent uppercase"
        >
          {name.slice(0, 1)}
        </span>
        <span className="grid min-w-0">
          <span className="truncate text-[13px] font-medium">{name}</span>
          {me
            ? <span className="truncate text-xs text-muted">{me.organization.name} · {me.role}</span>
            : <Skeleton className="my-0.5 h-3 w-20" />}
        </span>
      </Link>
      <Button
        look="ghost"
        className="justify-start !px-2.5"
        icon={<LogOut aria-hidden />}
        onClick={() => session.signOut()}
      >
        Sign out
      </Button>
    </div>
  );
}
